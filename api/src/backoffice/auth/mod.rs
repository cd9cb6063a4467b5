//! Sessions of users (contract section 6). Each way to identify a user has its own file (`login`, `google`); after
//! identification, the request continues here, in `offer` or `open`.

use app::error::AppResult;
use app::session::{self, Identified, Opened};
use app::throttle::Client;
use domain::device::Device;
use poem::http::header;
use rand::TryRng;
use rand::rngs::SysRng;
use secrecy::ExposeSecret;

use crate::auth::address::ClientAddress;
use crate::auth::cookie;
use crate::auth::guest::Guest;
use crate::context::RequestContext;
use crate::error::ApiError;
use crate::state::State;
use crate::wire::reply::{Cookies, Failure, Reply};
use wire::{Auth, PreLogin};

pub mod body;
pub mod google;
pub mod invitation;
pub mod invitation_wire;
pub mod login;
pub mod logout;
pub mod me;
pub mod own_session;
pub mod password;
pub mod refresh;
pub mod refusal;
pub mod switch_company;
pub mod wire;

type SignedIn<R> = Result<Cookies<Reply<Auth>>, Failure<R>>;

/// The address of an attempt to sign in, and its device if the user of `email` has signed in on it before. Without
/// `email`, any user counts.
fn client(state: &State, ClientAddress(address): ClientAddress, guest: &Guest, email: Option<&str>) -> Client {
    let device = device(state, guest, email);
    Client { address, device }
}

/// The device that the cookie names.
fn device(state: &State, guest: &Guest, email: Option<&str>) -> Option<Device> {
    let token = guest.device_token.as_ref()?.expose_secret();
    state.device_key.verify(token, email, state.platform.clock.now())
}

/// The workplaces from which an identified user may choose.
async fn offer(state: &State, context: &RequestContext, who: Identified) -> AppResult<Reply<PreLogin>> {
    context.note_user(who.user_id);
    let pre_login = session::pre_login(&state.platform.pool, who.user_id).await?;
    Ok(Reply::new(pre_login.into()))
}

/// Begins a session of an identified user. The device is known for that user from now on.
async fn open(
    state: &State,
    context: &RequestContext,
    guest: &Guest,
    who: Identified,
    place: Option<&str>,
) -> Result<Cookies<Reply<Auth>>, ApiError> {
    context.note_user(who.user_id);
    let (pool, now) = (&state.platform.pool, state.platform.clock.now());
    let opened = session::login(
        pool,
        &state.session_key,
        who,
        place,
        random()?,
        guest.browser.clone(),
        now,
    )
    .await?;
    let email = opened.auth.user.email.clone();
    let device = match device(state, guest, Some(&email)) {
        Some(known) => known,
        None => Device { id: random()? },
    };
    let token = state.device_key.sign(&email, device, now);
    let Cookies(reply) = signed_in(state, opened)?;
    let device = cookie::device(&token, state.cookie_secure)?;
    Ok(Cookies(reply.header(header::SET_COOKIE, device)))
}

/// Random bytes from the operating system.
fn random() -> Result<[u8; 16], ApiError> {
    let mut bytes = [0; 16];
    SysRng
        .try_fill_bytes(&mut bytes)
        .map_err(|error| ApiError::fault(format!("no random bytes: {error}")))?;
    Ok(bytes)
}

/// The response with a new session, and its tokens in the cookies.
fn signed_in(state: &State, opened: Opened) -> Result<Cookies<Reply<Auth>>, ApiError> {
    let access = cookie::access(&opened.access_token, state.cookie_secure)?;
    let refresh = cookie::refresh(&opened.refresh_token, state.cookie_secure)?;
    let reply = Reply::new(opened.auth.into());
    Ok(Cookies(
        reply
            .header(header::SET_COOKIE, access)
            .header(header::SET_COOKIE, refresh),
    ))
}
