"""A partner's first program, with a client that was generated from the document: finds a trip, books two seats, pays,
previews a refund, cancels one seat, and reads errors. mypy checks it together with the client, so every name and type
in it is from the document.

API_URL and API_KEY name a running platform with the demo's data.
"""

import datetime
import os

from prexsell import AuthenticatedClient
from prexsell.api.bookings import cancel_booking, create_booking, get_booking, get_refund_rules, list_bookings, pay_booking
from prexsell.api.search import search_offers
from prexsell.models import (
    Booking,
    BookingStatus,
    CancelBookingBody,
    CancelBookingResponse200,
    CreateBookingBody,
    CreateBookingResponse201,
    Currency,
    Error,
    ErrorEnvelope,
    GetBookingResponse200,
    GetRefundRulesResponse200,
    ListBookingsResponse200,
    Messenger,
    NewPassenger,
    NewPhone,
    Offer,
    PayBookingResponse200,
    PaymentStatus,
    SearchOffersCurrency,
    SearchOffersLanguage,
    SearchOffersResponse200,
    TicketStatus,
)
from prexsell.types import Unset


def partner(key: str) -> AuthenticatedClient:
    """A client that fails on a response that is not in the document."""
    return AuthenticatedClient(
        base_url=os.environ["API_URL"],
        token=key,
        prefix="",
        auth_header_name="x-api-key",
        raise_on_unexpected_status=True,
    )


def an_offer(client: AuthenticatedClient) -> Offer:
    """The first departure with two seats; the demo's buses rest on two days of the year, never three in a row."""
    for ahead in (1, 2, 3):
        answer = search_offers.sync(
            client=client,
            departure_city="kyiv",
            arrival_city="lviv",
            departure_date=datetime.date.today() + datetime.timedelta(days=ahead),
            passengers=2,
            currency=SearchOffersCurrency.EUR,
            language=SearchOffersLanguage.EN,
        )
        assert isinstance(answer, SearchOffersResponse200), answer
        for offer in answer.data.offers:
            return offer
    raise AssertionError("no offers on three days")


def booked(client: AuthenticatedClient, offer: Offer) -> Booking:
    """Two seats."""
    body = CreateBookingBody(
        offer_id=offer.id,
        currency=Currency.EUR,
        passengers=[
            NewPassenger(
                first_name="Olena",
                last_name="Koval",
                email="olena@example.com",
                phones=[NewPhone(phone="+380671234567", messengers=[Messenger.VIBER])],
            ),
            NewPassenger(first_name="Petro", last_name="Koval", phones=[NewPhone(phone="+380671234568")]),
        ],
    )
    answer = create_booking.sync(client=client, body=body)
    assert isinstance(answer, CreateBookingResponse201), answer
    return answer.data.booking


def the_error(answer: object) -> Error:
    """The only error in an error response."""
    assert isinstance(answer, ErrorEnvelope), answer
    [error] = answer.errors
    assert error.code == error.error_code and error.message
    return error


def main() -> None:
    """Runs the whole journey."""
    client = partner(os.environ["API_KEY"])
    offer = an_offer(client)
    price = next(price for price in offer.prices if price.currency == Currency.EUR)
    assert offer.seats_left >= 2 and offer.slices[0].duration > 0

    booking = booked(client, offer)
    assert booking.status == BookingStatus.UPCOMING and booking.payment_required_by is not None
    first, second = booking.tickets
    assert {first.status, second.status} == {TicketStatus.PROCESSING}
    assert (first.price.amount, first.passenger.first_name) == (price.amount, "Olena")

    rules = get_refund_rules.sync(booking.id, client=client)
    assert isinstance(rules, GetRefundRulesResponse200), rules
    assert {rule.order_id for rule in rules.data.refund_rules} == {first.id, second.id}
    assert all(0 <= tier.amount <= price.amount for rule in rules.data.refund_rules for tier in rule.rules)

    paid = pay_booking.sync(booking.id, client=client)
    assert isinstance(paid, PayBookingResponse200), paid
    assert {ticket.payment_status for ticket in paid.data.booking.tickets} == {PaymentStatus.PAID}
    assert paid.data.booking.payment_required_by is None

    canceled = cancel_booking.sync(booking.id, client=client, body=CancelBookingBody(order_ids=[first.id]))
    assert isinstance(canceled, CancelBookingResponse200), canceled
    back = {ticket.id: (ticket.status, ticket.refund_amount) for ticket in canceled.data.booking.tickets}
    assert back == {first.id: (TicketStatus.REFUND, price.amount), second.id: (TicketStatus.CONFIRMED, None)}

    again = the_error(cancel_booking.sync(booking.id, client=client))
    assert again.code == "ORDER_CONFLICT" and not isinstance(again.details, Unset)
    assert again.details["orderIds"] == [first.id]

    nobody = NewPassenger(first_name="", last_name="Koval", phones=[NewPhone(phone="+380671234568")])
    wrong = the_error(
        create_booking.sync(
            client=client,
            body=CreateBookingBody(offer_id=offer.id, currency=Currency.EUR, passengers=[nobody]),
        )
    )
    assert wrong.code == "VALIDATION_ERROR" and not isinstance(wrong.details, Unset)
    assert wrong.details["field"] == "passengers[0].firstName"

    stranger = get_booking.sync_detailed(booking.id, client=partner("pxs_local_nobody"))
    assert stranger.status_code == 401 and the_error(stranger.parsed).code == "UNAUTHORIZED"

    read = get_booking.sync(booking.id, client=client)
    assert isinstance(read, GetBookingResponse200), read
    listed = list_bookings.sync(client=client, take=50)
    assert isinstance(listed, ListBookingsResponse200), listed
    assert read.data.booking in listed.data.bookings


main()
