//! The worker of the email queue.
fn main() -> std::process::ExitCode {
    worker::run::main(common::jobs::Queue::Email, common::config::Needs::Mail)
}
