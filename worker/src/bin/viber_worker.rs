//! The worker of the viber queue.
fn main() -> std::process::ExitCode {
    worker::run::main(common::jobs::Queue::Viber, common::config::Needs::Viber)
}
