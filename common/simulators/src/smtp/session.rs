//! One connection of the mail server's simulator.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

use super::{Fault, MAX_BYTES, MAX_LINE, State};

/// Part of addresses that have no mailbox.
const NOWHERE: &str = "@bounce.example";

/// One connection.
pub(super) struct Session {
    stream: BufReader<TcpStream>,
    state: Arc<State>,
    sender: bool,
    receivers: usize,
    fault: Option<Fault>,
    /// Whether the fault is that of an outage, and ends with it.
    is_outage: bool,
}

impl Session {
    pub(super) async fn serve(stream: TcpStream, state: Arc<State>) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let mut session = Self {
            stream: BufReader::new(stream),
            state,
            sender: false,
            receivers: 0,
            fault: None,
            is_outage: false,
        };
        session.reply("220 simulator ready").await?;
        while let Some(line) = read_line(&mut session.stream).await? {
            if !session.command(&String::from_utf8_lossy(&line)).await? {
                break;
            }
        }
        Ok(())
    }

    async fn reply(&mut self, text: &str) -> io::Result<()> {
        self.stream.get_mut().write_all(format!("{text}\r\n").as_bytes()).await
    }

    fn reset(&mut self) {
        self.sender = false;
        self.receivers = 0;
        self.fault = None;
    }

    /// Carries out one command; returns whether the connection continues.
    async fn command(&mut self, line: &str) -> io::Result<bool> {
        let verb = line.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" => {
                self.reset();
                let size =
                    format!("250-simulator\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE {MAX_BYTES}");
                self.reply(&size).await?;
            }
            "HELO" => {
                self.reset();
                self.reply("250 simulator").await?;
            }
            "MAIL" if self.sender => self.reply("503 a mail has begun already").await?,
            "MAIL" => {
                self.sender = true;
                (self.fault, self.is_outage) = self.state.next_fault();
                self.reply("250 sender taken").await?;
            }
            "RCPT" if !self.sender => self.reply("503 MAIL first").await?,
            "RCPT" => match self.fault {
                Some(Fault::Reject(code)) => self.reply(&format!("{code} rejected as asked")).await?,
                Some(Fault::Say(code, text)) => self.reply(&format!("{code} {text}")).await?,
                Some(Fault::HangAtReceiver) => {
                    self.state.hanging.fetch_add(1, Ordering::SeqCst);
                    return self.hang().await;
                }
                _ if line.to_ascii_lowercase().contains(NOWHERE) => self.reply("550 5.1.1 no such mailbox").await?,
                _ => {
                    self.receivers += 1;
                    self.reply("250 receiver taken").await?;
                }
            },
            "DATA" if self.receivers == 0 => self.reply("503 RCPT first").await?,
            "DATA" => return self.data().await,
            "RSET" => {
                self.reset();
                self.reply("250 forgotten").await?;
            }
            "NOOP" => self.reply("250 still here").await?,
            "QUIT" => {
                self.reply("221 goodbye").await?;
                return Ok(false);
            }
            _ => self.reply("502 not known here").await?,
        }
        Ok(true)
    }

    async fn data(&mut self) -> io::Result<bool> {
        self.reply("354 go on, end with a dot").await?;
        let mut mail = Vec::new();
        let mut fits = true;
        loop {
            let Some(line) = read_line(&mut self.stream).await? else {
                return Ok(false);
            };
            if line == b"." {
                break;
            }
            let line = line.strip_prefix(b".").unwrap_or(&line);
            fits = fits && mail.len() + line.len() + 2 <= MAX_BYTES;
            if fits {
                mail.extend_from_slice(line);
                mail.extend_from_slice(b"\r\n");
            }
        }
        if !fits {
            self.reset();
            self.reply("552 larger than announced").await?;
            return Ok(true);
        }
        let message_id = keep(&self.state.folder, &mail).await?;
        let number = self.state.received.fetch_add(1, Ordering::SeqCst) + 1;
        let is_answered = !matches!(self.fault, Some(Fault::DropAfterData | Fault::Hang));
        self.state.count(message_id, is_answered);
        match self.fault {
            Some(Fault::DropAfterData) => return Ok(false),
            Some(Fault::Hang) => return self.hang().await,
            _ => {}
        }
        self.reset();
        self.reply(&format!("250 2.0.0 queued as {number}")).await?;
        Ok(true)
    }

    /// Sends nothing until the client is gone, or the outage ends that made the mail fail. It may have ended already.
    async fn hang(&mut self) -> io::Result<bool> {
        let mut outage = self.state.outage.subscribe();
        let is_outage = self.is_outage;
        let mut said = [0; 512];
        loop {
            tokio::select! {
                read = self.stream.read(&mut said) => if read? == 0 {
                    return Ok(false);
                },
                _ = outage.wait_for(Option::is_none), if is_outage => return Ok(false),
            }
        }
    }
}

/// One line without its end; `None` when the peer is gone. A line that is too long is an error.
async fn read_line(stream: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    stream.take(MAX_LINE).read_until(b'\n', &mut line).await?;
    match line.pop() {
        None => return Ok(None),
        Some(b'\n') => {}
        Some(_) => return Err(io::Error::new(io::ErrorKind::InvalidData, "line without an end")),
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(Some(line))
}

/// Writes a mail to a file named after its Message-ID, completely or not at all, and returns that id.
async fn keep(folder: &Path, mail: &[u8]) -> io::Result<String> {
    let name = message_id(mail).unwrap_or_else(|| uuid::Uuid::now_v7().to_string());
    let part = folder.join(format!(".{}.part", uuid::Uuid::now_v7()));
    tokio::fs::write(&part, mail).await?;
    tokio::fs::rename(&part, folder.join(format!("{name}.eml"))).await?;
    Ok(name)
}

/// The Message-ID as a file name, without its angle brackets.
fn message_id(mail: &[u8]) -> Option<String> {
    let safe = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '@' | '.' | '-' | '_' | '+');
    let headers = mail
        .split(|byte| *byte == b'\n')
        .map(<[u8]>::trim_ascii)
        .take_while(|line| !line.is_empty());
    let lines: Vec<String> = headers.map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    let start = lines
        .iter()
        .position(|line| line.to_ascii_lowercase().starts_with("message-id:"))?;
    let unfolded = lines[start..].iter().take(2).map(String::as_str).collect::<String>();
    let value = unfolded.split(['<', '>']).nth(1)?;
    let name: String = value.chars().filter(safe).take(200).collect();
    Some(name.trim_start_matches('.').to_owned()).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use crate::smtp::{Fault, MailSimulator};

    /// Reads until the server has said this; false if it closes the connection first.
    async fn hears(stream: &mut TcpStream, wanted: &str) -> bool {
        let mut said = Vec::new();
        while !String::from_utf8_lossy(&said).contains(wanted) {
            let read = tokio::time::timeout(Duration::from_secs(20), stream.read_buf(&mut said)).await;
            if read.unwrap().unwrap() == 0 {
                return false;
            }
        }
        true
    }

    #[tokio::test]
    async fn a_mail_that_began_in_an_outage_does_not_hang_after_it() {
        let folder = tempfile::tempdir().unwrap();
        let listen = "127.0.0.1:0".parse().unwrap();
        let server = MailSimulator::start(listen, folder.path()).await.unwrap();
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        server.outage(Some(Fault::HangAtReceiver));
        stream.write_all(b"MAIL FROM:<a@example.com>\r\n").await.unwrap();
        assert!(hears(&mut stream, "sender taken").await);
        server.outage(None);
        stream.write_all(b"RCPT TO:<b@example.com>\r\n").await.unwrap();
        assert!(!hears(&mut stream, "250").await);
    }
}
