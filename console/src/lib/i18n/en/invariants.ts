/** English: what breaks the rules that always hold. */
export default {
  "invariant.seat_sold_twice": "Two tickets hold one seat on overlapping segments of one departure.",
  "invariant.doubtful_run_on_sale":
    "A departure that may be one that was sold before is on sale, although no decision has been made.",
  "invariant.ticket_without_seat": "A ticket that is open or confirmed does not hold its seat on its departure.",
  "invariant.seat_not_on_bus": "A ticket was sold on a seat that its bus does not have.",
  "invariant.expired_ticket_holds_seat": "A ticket that was not paid in time still holds a seat.",
  "invariant.ended_ticket_holds_seat": "A ticket that was canceled, refunded or rejected still holds a seat.",
  "invariant.ticket_without_history": "The first line of a ticket's history is missing.",
  "invariant.history_differs": "The last line of a ticket's history names another state than the ticket has.",
  "invariant.history_impossible": "A line of a ticket's history does not follow from the line before it.",
  "invariant.boarding_time_differs":
    "A ticket boards at another time than its departure calls, or than its booking says, or alights where it does not call.",
  "invariant.ticket_of_another":
    "A ticket belongs to another partner than its booking, or to another company than its route.",
  "invariant.ticket_state_impossible": "Status and payment status of a ticket are a pair that no action leads to.",
  "invariant.ticket_amount_impossible": "Price, prepayment or refund of a ticket contradict its state or each other.",
  "invariant.ticket_without_terms": "A ticket has no search terms, so its company cannot find it.",
  "invariant.event_without_message": "An event of a ticket has no message, though its passenger can be reached.",
  "invariant.booking_without_ticket": "A booking has no ticket, or is wrongly marked as empty.",
  "invariant.partner_counts_differ": "A kept count of a partner's bookings or tickets is wrong.",
  "invariant.company_counts_differ": "A kept count of a company's tickets is wrong.",
  "invariant.message_without_job": "A message was not sent, and no job will send it.",
  "invariant.message_state_impossible":
    "A message was sent, but not when, or without an attempt, or is about another ticket or event than its line of history.",
  "invariant.job_sent_not_recovered": "A job was lost on its way through Redis and not sent again.",
  "invariant.job_running_without_process": "A job is held by a process that no longer exists.",
  "invariant.job_running_past_deadline": "A job is still held after its deadline.",
  "invariant.job_time_in_future":
    "The time of a job, or of the last heartbeat of its process, lies in the future, so that nothing recovers the job.",
  "invariant.job_dead_without_error": "A job is dead, and nothing says why.",
  "invariant.job_state_impossible":
    "A job lacks what its state requires or has what only another state has, was done twice, or waits in an unknown queue.",
  "invariant.report_without_job": "A report is unfinished, and no job will finish it.",
  "invariant.report_state_impossible": "A report is complete without a file, or failed without a reason.",
  "invariant.report_without_file": "The file of a complete report is not in the store, or has another size there.",
  "invariant.upload_without_job": "A timetable is being checked or published, and no job does it.",
  "invariant.upload_state_impossible":
    "A timetable was checked or published without what that leaves, or failed without a reason.",
  "invariant.upload_without_file":
    "The archive of an uploaded timetable is not in the store, or has another size there.",
} as const;
