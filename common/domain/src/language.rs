//! Closed word lists of the contract (section 2) that have no rules of their own: languages, countries, messengers.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A word that is not on its list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown value, expected one of {0}")]
pub struct UnknownWord(pub &'static str);

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $list:literal { $($(#[$vdoc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "sqlx", derive(sqlx::Type), sqlx(type_name = "text"))]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] #[cfg_attr(feature = "sqlx", sqlx(rename = $word))] $variant),*
        }

        impl $name {
            /// Every word of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The word as it is written on the wire and in the database.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|w| w.word() == text).ok_or(UnknownWord($list))
            }
        }
    };
}
pub(crate) use words;

words! {
    /// Languages of names and messages. Names fall back to Ukrainian, then English, then the stored name.
    Language, "UK PL CS EN RU" {
        /// Ukrainian.
        Uk = "UK",
        /// Polish.
        Pl = "PL",
        /// Czech.
        Cs = "CS",
        /// English.
        En = "EN",
        /// Russian.
        Ru = "RU",
    }
}

words! {
    /// Languages of mails to those who work with the platform: those of the console. What the platform sells has names in
    /// fewer ([`Language`]).
    StaffLanguage, "UK PL CS EN RO RU" {
        /// Ukrainian.
        Uk = "UK",
        /// Polish.
        Pl = "PL",
        /// Czech.
        Cs = "CS",
        /// English.
        En = "EN",
        /// Romanian.
        Ro = "RO",
        /// Russian.
        Ru = "RU",
    }
}

words! {
    /// Countries that are served (ISO 3166-1 alpha-2).
    Country, "UA TR PL CZ IT DE SK HU BE NL RO BG FR AT LT LV EE ES LU CH GR MD SI" {
        /// Ukraine.
        Ua = "UA",
        /// Türkiye.
        Tr = "TR",
        /// Poland.
        Pl = "PL",
        /// Czechia.
        Cz = "CZ",
        /// Italy.
        It = "IT",
        /// Germany.
        De = "DE",
        /// Slovakia.
        Sk = "SK",
        /// Hungary.
        Hu = "HU",
        /// Belgium.
        Be = "BE",
        /// Netherlands.
        Nl = "NL",
        /// Romania.
        Ro = "RO",
        /// Bulgaria.
        Bg = "BG",
        /// France.
        Fr = "FR",
        /// Austria.
        At = "AT",
        /// Lithuania.
        Lt = "LT",
        /// Latvia.
        Lv = "LV",
        /// Estonia.
        Ee = "EE",
        /// Spain.
        Es = "ES",
        /// Luxembourg.
        Lu = "LU",
        /// Switzerland.
        Ch = "CH",
        /// Greece.
        Gr = "GR",
        /// Moldova.
        Md = "MD",
        /// Slovenia.
        Si = "SI",
    }
}

words! {
    /// Messengers that a phone number can list.
    Messenger, "Viber Telegram WhatsApp" {
        /// Viber: the one that messages are sent through.
        Viber = "Viber",
        /// Telegram.
        Telegram = "Telegram",
        /// WhatsApp.
        WhatsApp = "WhatsApp",
    }
}
