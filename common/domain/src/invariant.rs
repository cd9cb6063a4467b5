//! Invariants of the database. Here are the names and meanings of the rules; the queries that find violations are in
//! `db::invariant` and, for jobs, in `ledger::invariant`.

use std::fmt;

use uuid::Uuid;

use super::id::{
    BookingId, CompanyId, DepartureMatchId, NotificationId, PartnerId, ReportId, TicketId, TimetableUploadId,
};

/// The kind of the rows that violate a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A ticket.
    Ticket,
    /// A booking.
    Booking,
    /// A partner.
    Partner,
    /// A company.
    Company,
    /// A message to a passenger.
    Message,
    /// A report.
    Report,
    /// An upload of a timetable.
    Upload,
    /// A sold departure and one of the timetable that may be the same run.
    DepartureMatch,
    /// A job of the ledger.
    Job,
}

impl Subject {
    /// The name in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ticket => "ticket",
            Self::Booking => "booking",
            Self::Partner => "partner",
            Self::Company => "company",
            Self::Message => "message",
            Self::Report => "report",
            Self::Upload => "timetable_upload",
            Self::DepartureMatch => "departure_match",
            Self::Job => "job",
        }
    }

    /// An id as people see it.
    #[must_use]
    pub fn id(self, id: Uuid) -> String {
        match self {
            Self::Ticket => TicketId(id).to_string(),
            Self::Booking => BookingId(id).to_string(),
            Self::Partner => PartnerId(id).to_string(),
            Self::Company => CompanyId(id).to_string(),
            Self::Message => NotificationId(id).to_string(),
            Self::Report => ReportId(id).to_string(),
            Self::Upload => TimetableUploadId(id).to_string(),
            Self::DepartureMatch => DepartureMatchId(id).to_string(),
            Self::Job => format!("job_{}", id.simple()),
        }
    }
}

macro_rules! rules {
    ($($rule:ident = $name:literal, $subject:ident, $meaning:literal;)*) => {
        /// A rule that must always hold.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Rule {
            $(#[doc = $meaning] $rule),*
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &'static [Self] = &[$(Self::$rule),*];

            /// Its name, in the database and as the label of a metric. Never changes.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$rule => $name),* }
            }

            /// The kind of the rows that violate it.
            #[must_use]
            pub const fn subject(self) -> Subject {
                match self { $(Self::$rule => Subject::$subject),* }
            }

            /// What a violation means, for operators.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$rule => $meaning),* }
            }
        }
    };
}

rules! {
    SeatSoldTwice = "seat_sold_twice", Ticket, "Two tickets hold one seat on overlapping segments of one departure.";
    DoubtfulRunOnSale = "doubtful_run_on_sale", DepartureMatch, "A departure that may be one that was sold before is on sale, although no decision has been made.";
    TicketWithoutSeat = "ticket_without_seat", Ticket, "A ticket that is open or confirmed does not hold its seat on its departure.";
    SeatNotOnBus = "seat_not_on_bus", Ticket, "A ticket was sold on a seat that its bus does not have.";
    ExpiredTicketHoldsSeat = "expired_ticket_holds_seat", Ticket, "A ticket that was not paid in time still holds a seat.";
    EndedTicketHoldsSeat = "ended_ticket_holds_seat", Ticket, "A ticket that was canceled, refunded or rejected still holds a seat.";
    TicketWithoutHistory = "ticket_without_history", Ticket, "The first line of a ticket's history is missing.";
    HistoryDiffers = "history_differs", Ticket, "The last line of a ticket's history names another state than the ticket has.";
    HistoryImpossible = "history_impossible", Ticket, "A line of a ticket's history does not follow from the line before it.";
    BoardingTimeDiffers = "boarding_time_differs", Ticket, "A ticket boards at another time than its departure calls, or than its booking says, or alights where it does not call.";
    TicketOfAnother = "ticket_of_another", Ticket, "A ticket belongs to another partner than its booking, or to another company than its route.";
    TicketStateImpossible = "ticket_state_impossible", Ticket, "Status and payment status of a ticket are a pair that no action leads to.";
    TicketAmountImpossible = "ticket_amount_impossible", Ticket, "Price, prepayment or refund of a ticket contradict its state or each other.";
    TicketWithoutTerms = "ticket_without_terms", Ticket, "A ticket has no search terms, so its company cannot find it.";
    EventWithoutMessage = "event_without_message", Ticket, "An event of a ticket has no message, though its passenger can be reached.";
    BookingWithoutTicket = "booking_without_ticket", Booking, "A booking has no ticket, or is wrongly marked as empty.";
    PartnerCountsDiffer = "partner_counts_differ", Partner, "A kept count of a partner's bookings or tickets is wrong.";
    CompanyCountsDiffer = "company_counts_differ", Company, "A kept count of a company's tickets is wrong.";
    MessageWithoutJob = "message_without_job", Message, "A message was not sent, and no job will send it.";
    MessageStateImpossible = "message_state_impossible", Message, "A message was sent, but not when, or without an attempt, or is about another ticket or event than its line of history.";
    JobSentNotRecovered = "job_sent_not_recovered", Job, "A job was lost on its way through Redis and not sent again.";
    JobRunningWithoutProcess = "job_running_without_process", Job, "A job is held by a process that no longer exists.";
    JobRunningPastDeadline = "job_running_past_deadline", Job, "A job is still held after its deadline.";
    JobTimeInFuture = "job_time_in_future", Job, "The time of a job, or of the last heartbeat of its process, lies in the future, so that nothing recovers the job.";
    JobDeadWithoutError = "job_dead_without_error", Job, "A job is dead, and nothing says why.";
    JobStateImpossible = "job_state_impossible", Job, "A job lacks what its state requires or has what only another state has, was done twice, or waits in an unknown queue.";
    ReportWithoutJob = "report_without_job", Report, "A report is unfinished, and no job will finish it.";
    ReportStateImpossible = "report_state_impossible", Report, "A report is complete without a file, or failed without a reason.";
    ReportWithoutFile = "report_without_file", Report, "The file of a complete report is not in the store, or has another size there.";
    UploadWithoutJob = "upload_without_job", Upload, "A timetable is being checked or published, and no job does it.";
    UploadStateImpossible = "upload_state_impossible", Upload, "A timetable was checked or published without what that leaves, or failed without a reason.";
    UploadWithoutFile = "upload_without_file", Upload, "The archive of an uploaded timetable is not in the store, or has another size there.";
}

impl Rule {
    /// Whether it is checked in the file store, not in the database.
    #[must_use]
    pub const fn is_about_files(self) -> bool {
        matches!(self, Self::ReportWithoutFile | Self::UploadWithoutFile)
    }

    /// Whether it may be violated for seconds, until processes repair it or finish their work: only what lasts from one
    /// run to the next counts as a violation.
    #[must_use]
    pub const fn is_repaired(self) -> bool {
        matches!(
            self,
            Self::JobSentNotRecovered
                | Self::JobRunningWithoutProcess
                | Self::JobRunningPastDeadline
                | Self::JobTimeInFuture
                | Self::ReportWithoutJob
                | Self::ReportWithoutFile
                | Self::UploadWithoutJob
                | Self::UploadWithoutFile
        )
    }

    /// The rule with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.name() == name)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
