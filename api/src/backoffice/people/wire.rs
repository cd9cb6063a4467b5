//! Response bodies of the operations on people.

use app::invitation;
use app::people::Colleague;
use domain::id::{InvitationId, UserId};
use domain::language::StaffLanguage;
use domain::role::Role;
use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::value::{Id, Instant, Word};

/// A page of people.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PersonList {
    /// Sorted by family name.
    #[schemars(length(max = 100))]
    pub people: Vec<PersonOfPlace>,
    /// Total number of people, regardless of `take` and `skip`.
    #[schemars(example = 7)]
    pub total: usize,
}

/// A single person.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OnePerson {
    /// The person as they are now.
    pub person: PersonOfPlace,
}

/// A person who works in the company or for the partner.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonOfPlace {
    /// Opaque id.
    pub id: Id<UserId>,
    /// E-mail address, in lower case.
    #[schemars(example = &"taras@example.com")]
    pub email: String,
    /// Given name.
    #[schemars(example = &"Тарас")]
    pub first_name: String,
    /// Family name.
    #[schemars(example = &"Бондар")]
    pub last_name: String,
    /// Role in this workplace.
    pub role: Word<Role>,
    /// Whether the person is barred from signing in, everywhere.
    #[schemars(example = false)]
    pub disabled: bool,
    /// When the person was last active here, accurate to the minute; null if not within about the last 30 days.
    #[schemars(example = &"2026-06-09T08:15:00.000Z")]
    pub last_seen_at: Option<Instant>,
}

impl PersonOfPlace {
    /// One of the people.
    #[must_use]
    pub fn new(person: Colleague) -> Self {
        Self {
            id: Id(person.id),
            email: person.email,
            first_name: person.first_name,
            last_name: person.last_name,
            role: Word(person.role),
            disabled: person.is_disabled,
            last_seen_at: person.last_seen_at.map(Instant),
        }
    }
}

/// A page of invitations.
#[derive(Debug, Serialize, JsonSchema)]
pub struct InvitationList {
    /// Those that can still be accepted, newest first.
    #[schemars(length(max = 100))]
    pub invitations: Vec<Invitation>,
    /// Total number of invitations, regardless of `take` and `skip`.
    #[schemars(example = 1)]
    pub total: usize,
}

/// A single invitation.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OneInvitation {
    /// The invitation.
    pub invitation: Invitation,
}

/// An invitation that has not been accepted yet.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    /// Opaque id.
    pub id: Id<InvitationId>,
    /// E-mail address of the recipient.
    #[schemars(example = &"taras@example.com")]
    pub email: String,
    /// Role that the person gets.
    pub role: Word<Role>,
    /// Language of the e-mail.
    pub language: Word<StaffLanguage>,
    /// When the invitation was created.
    #[schemars(example = &"2026-06-01T12:00:00.000Z")]
    pub created_at: Instant,
    /// When the invitation expires.
    #[schemars(example = &"2026-06-08T12:00:00.000Z")]
    pub expires_at: Instant,
    /// When the e-mail was sent; null if it has not been sent yet.
    #[schemars(example = &"2026-06-01T12:00:01.000Z")]
    pub sent_at: Option<Instant>,
}

impl Invitation {
    /// An invitation.
    #[must_use]
    pub fn new(invitation: invitation::Invitation) -> Self {
        Self {
            id: Id(invitation.id),
            email: invitation.email,
            role: Word(invitation.role),
            language: Word(invitation.language),
            created_at: Instant(invitation.created_at),
            expires_at: Instant(invitation.expires_at),
            sent_at: invitation.sent_at.map(Instant),
        }
    }
}
