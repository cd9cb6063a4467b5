//! Ids of the resources of the platform ([`kernel::id`]).

kernel::ids! {
    #![cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(transparent))]

    /// A city of the catalogue.
    CityId = "cty";
    /// A stop of a feed.
    StopId = "stp";
    /// A bus company.
    CompanyId = "cmp";
    /// A carrier of a company (`carriage` on the wire).
    CarrierId = "car";
    /// A reseller.
    PartnerId = "prt";
    /// What a company lets a partner do.
    PermissionId = "prm";
    /// An API key of a partner.
    ApiKeyId = "key";
    /// A person with access to the back office.
    UserId = "usr";
    /// One access of a person to a company or partner.
    AccessId = "acc";
    /// An invitation of a person.
    InvitationId = "inv";
    /// A session of a person.
    SessionId = "ses";
    /// An entry of the audit trail.
    AuditEntryId = "aud";
    /// A feed: a namespace of GTFS ids.
    FeedId = "fed";
    /// A timetable that a company uploaded.
    TimetableUploadId = "tup";
    /// A route.
    RouteId = "rte";
    /// A bus.
    BusId = "bus";
    /// A trip of the timetable.
    TripId = "trp";
    /// A service: the days on which trips run.
    ServiceId = "svc";
    /// A stored fare.
    FareId = "far";
    /// The price that an offer or ticket names.
    PriceId = "prc";
    /// A sold departure and one of the timetable that may be the same run.
    DepartureMatchId = "dma";
    /// A booking.
    BookingId = "bkg";
    /// A ticket, called order on the wire.
    TicketId = "ord";
    /// A passenger of a ticket.
    PassengerId = "psg";
    /// A phone of a passenger.
    PhoneId = "phn";
    /// A refund tier of a company.
    RefundRuleId = "rfr";
    /// A discount of a company.
    DiscountId = "dsc";
    /// One line of a ticket's history.
    HistoryId = "his";
    /// A message to a passenger.
    NotificationId = "ntf";
    /// A report of a company's tickets.
    ReportId = "rpt";
    /// A schedule of reports.
    ReportScheduleId = "rps";
    /// One time that a schedule of reports was due.
    ReportRunId = "rpr";
    /// A mail about a scheduled report to one recipient.
    ReportMailId = "rpm";
    /// An account of a company at a tracking provider.
    TrackingAccountId = "fma";
    /// A tracker at a tracking provider.
    TrackerId = "fms";
}

#[cfg(test)]
mod tests {
    use super::{BookingId, TicketId};

    #[test]
    fn prints_and_parses_its_own_prefix_only() {
        let id = BookingId::new();
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!(id.to_string().parse::<TicketId>().is_err());
        assert!(id.to_string().to_uppercase().parse::<BookingId>().is_err());
        assert!("bkg_".parse::<BookingId>().is_err());
        assert!("bkg_\0".parse::<BookingId>().is_err());
    }
}
