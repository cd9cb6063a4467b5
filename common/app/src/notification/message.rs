//! Builds the contents of messages, and of the ticket file, from the data of a ticket.

use db::notification::{Content, ContentCall};
use domain::money::Money;
use domain::notification::{Call, LocalTime, TicketMessage, pay_by};
use domain::ticket::Event;
use domain::zone::{UnknownZone, Zone};

/// Contents of a message about an event of a ticket.
pub(super) fn message(event: Event, content: Content) -> Result<TicketMessage, UnknownZone> {
    let money = |amount| Money::new(amount, content.currency);
    let bus = [content.brand, content.model, content.registration_number];
    let bus: Vec<_> = bus.into_iter().flatten().collect();
    Ok(TicketMessage {
        event,
        language: content.language,
        order_id: content.ticket_id,
        reference: content.reference,
        booking_reference: content.booking_reference,
        status: content.status,
        passenger: format!("{} {}", content.first_name, content.last_name),
        seat: content.seat,
        synthetic: content.synthetic,
        route: content.route,
        company: content.company,
        carrier: content.carrier,
        carrier_phones: content.carrier_phones,
        bus: Some(bus.join(" ")).filter(|bus| !bus.is_empty()),
        price: money(content.price),
        prepaid: content.prepaid,
        refund: content.refund_amount.map(money),
        pay_by: pay_by(content.created_at, &Zone::named(&content.departure.time_zone)?),
        departure: call(content.departure)?,
        arrival: call(content.arrival)?,
    })
}

fn call(call: ContentCall) -> Result<Call, UnknownZone> {
    Ok(Call {
        at: LocalTime::new(call.at, &Zone::named(&call.time_zone)?),
        city: call.city,
        stop: call.stop,
        address: call.address,
        platform: call.platform,
    })
}
