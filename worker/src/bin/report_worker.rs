//! The worker of the report queue.
fn main() -> std::process::ExitCode {
    worker::run::main(common::jobs::Queue::Report, common::config::Needs::Report)
}
