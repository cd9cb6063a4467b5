-- What was sold: departures that carry tickets, bookings, tickets (orders), seats and their history.

create table departures (
    trip_id uuid not null constraint departures_trip_fkey references trips,
    service_day date not null,
    bus_id uuid not null constraint departures_bus_fkey references buses,
    closed_at timestamptz,
    constraint departures_pkey primary key (trip_id, service_day)
);
comment on table departures is 'Stored at the first sale. Its row lock serialises sales; its calls freeze what was sold.';
comment on column departures.closed_at is 'Withdrawn from sale: an import changed the trip so that the sold seats could not follow.';
create index departures_bus_idx on departures (bus_id);

create table departure_calls (
    trip_id uuid not null,
    service_day date not null,
    position smallint not null,
    stop_id uuid not null constraint departure_calls_stop_fkey references stops,
    arrival_at timestamptz not null,
    departure_at timestamptz not null,
    constraint departure_calls_pkey primary key (trip_id, service_day, position),
    constraint departure_calls_departure_fkey foreign key (trip_id, service_day) references departures on delete cascade
);
comment on table departure_calls is 'The stops of a sold departure as instants, copied from the timetable at the first sale and moved by an import.';
create index departure_calls_stop_idx on departure_calls (stop_id);

create table bookings (
    id uuid constraint bookings_pkey primary key,
    partner_id uuid not null constraint bookings_partner_fkey references partners,
    language text not null,
    currency text not null,
    departure_at timestamptz not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
comment on column bookings.departure_at is 'Boarding instant of its tickets.';
create index bookings_partner_idx on bookings (partner_id, id desc);
create index bookings_partner_departure_idx on bookings (partner_id, departure_at, id desc);

create table passengers (
    id uuid constraint passengers_pkey primary key,
    first_name text not null,
    last_name text not null,
    email text
);

create table passenger_phones (
    id uuid constraint passenger_phones_pkey primary key,
    passenger_id uuid not null constraint passenger_phones_passenger_fkey references passengers on delete cascade,
    position smallint not null,
    phone text not null,
    messengers text[] not null default '{}' constraint passenger_phones_messengers_check check (messengers <@ array['Viber', 'Telegram', 'WhatsApp'])
);
create index passenger_phones_passenger_idx on passenger_phones (passenger_id, position);

create table tickets (
    id uuid constraint tickets_pkey primary key,
    booking_id uuid not null constraint tickets_booking_fkey references bookings,
    partner_id uuid not null constraint tickets_partner_fkey references partners,
    company_id uuid not null constraint tickets_company_fkey references companies,
    passenger_id uuid not null constraint tickets_passenger_fkey references passengers,
    trip_id uuid not null,
    service_day date not null,
    boarding_position smallint not null,
    alighting_position smallint not null,
    boarding_at timestamptz not null,
    seat smallint not null,
    status text not null constraint tickets_status_check check (status in ('Processing', 'Confirmed', 'NotConfirmed', 'Uncompleted', 'Canceled', 'Refund')),
    payment_status text not null constraint tickets_payment_status_check check (payment_status in ('Unpaid', 'Booked', 'Prepaid', 'Paid')),
    price_id uuid not null,
    price numeric(12, 2) not null constraint tickets_price_check check (price >= 0),
    full_price numeric(12, 2) not null,
    currency text not null,
    discount_id uuid constraint tickets_discount_fkey references discounts,
    prepaid numeric(12, 2) not null default 0,
    refund_amount numeric(12, 2),
    note text,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint tickets_departure_fkey foreign key (trip_id, service_day) references departures,
    constraint tickets_positions_check check (boarding_position < alighting_position),
    constraint tickets_prepaid_check check (prepaid between 0 and price)
);
comment on table tickets is 'An order of the contract: one passenger, one seat, one stretch of one departure.';
comment on column tickets.seat is 'Seat number on the bus. It is held only while a row in seat_holds says so.';
comment on column tickets.price is 'What the passenger pays, after the discount; full_price is before it.';
comment on column tickets.boarding_at is 'Instant of boarding, kept in step with departure_calls.';
create index tickets_booking_idx on tickets (booking_id);
create index tickets_company_idx on tickets (company_id, id desc);
create index tickets_departure_idx on tickets (trip_id, service_day);
create index tickets_passenger_idx on tickets (passenger_id);
create index tickets_discount_idx on tickets (discount_id);
create index tickets_partner_idx on tickets (partner_id, id desc);
create index tickets_due_idx on tickets (created_at) where status = 'Processing' and payment_status = 'Unpaid';

create table seat_holds (
    ticket_id uuid constraint seat_holds_pkey primary key constraint seat_holds_ticket_fkey references tickets on delete cascade,
    trip_id uuid not null,
    service_day date not null,
    seat smallint not null,
    stretch int4range not null constraint seat_holds_stretch_check check (not isempty(stretch)),
    constraint seat_holds_departure_fkey foreign key (trip_id, service_day) references departures,
    constraint seat_holds_no_overlap exclude using gist (trip_id with =, service_day with =, seat with =, stretch with &&) deferrable initially immediate
);
create index seat_holds_departure_idx on seat_holds (trip_id, service_day);
comment on table seat_holds is 'A row is a seat that is taken. Two tickets can never hold one seat on overlapping stretches: the constraint says so.';
comment on column seat_holds.stretch is '[boarding position, alighting position).';

create table ticket_history (
    id uuid constraint ticket_history_pkey primary key,
    ticket_id uuid not null constraint ticket_history_ticket_fkey references tickets on delete cascade,
    at timestamptz not null,
    action text not null,
    status text not null,
    payment_status text not null,
    actor text not null,
    request_id text
);
comment on column ticket_history.status is 'After the action.';
comment on column ticket_history.actor is 'Who did it: a prefixed id (prt_ partner, usr_ person) or the word system.';
create index ticket_history_ticket_idx on ticket_history (ticket_id, id);

create table ticket_moves (
    id uuid constraint ticket_moves_pkey primary key,
    ticket_id uuid not null constraint ticket_moves_ticket_fkey references tickets on delete cascade,
    from_booking_id uuid not null constraint ticket_moves_from_fkey references bookings,
    to_booking_id uuid not null constraint ticket_moves_to_fkey references bookings,
    at timestamptz not null
);
comment on table ticket_moves is 'Regrouping: where a ticket went, so that the old booking id stays resolvable.';
create index ticket_moves_from_idx on ticket_moves (from_booking_id);
create index ticket_moves_ticket_idx on ticket_moves (ticket_id);
create index ticket_moves_to_idx on ticket_moves (to_booking_id);
