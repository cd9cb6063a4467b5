//! The worker of the sweep queue.
fn main() -> std::process::ExitCode {
    worker::run::main(common::jobs::Queue::Sweep, common::config::Needs::Queue)
}
