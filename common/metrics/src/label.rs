//! Labels with a bounded number of values.

use std::fmt::{Error, Write};

use prometheus_client::encoding::{EncodeLabelValue, LabelValueEncoder};

/// The value of a label that is a name from the code: of a queue, a kind of job, a schedule. A name that was read
/// elsewhere becomes one by [`Name::among`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Name(&'static str);

impl Name {
    /// What stands for every name that the code does not know.
    pub const OTHER: Self = Self("other");

    /// The name with this spelling; [`Name::OTHER`] if none is.
    #[must_use]
    pub fn among(known: impl IntoIterator<Item = &'static str>, written: &str) -> Self {
        known
            .into_iter()
            .find(|name| *name == written)
            .map_or(Self::OTHER, Self)
    }
}

impl From<&'static str> for Name {
    fn from(name: &'static str) -> Self {
        Self(name)
    }
}

impl EncodeLabelValue for Name {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), Error> {
        encoder.write_str(self.0)
    }
}

/// Declares the values of a label as an enum.
///
/// ```text
/// metrics::labels! {
///     /// How a request ended.
///     pub enum Ending {
///         /// Well.
///         Done = "done",
///         /// Not well.
///         Failed = "failed",
///     }
/// }
/// ```
#[macro_export]
macro_rules! labels {
    ($(#[$about:meta])* $visibility:vis enum $label:ident { $($(#[$doc:meta])* $value:ident = $name:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        $visibility enum $label { $($(#[$doc])* $value,)+ }

        impl $label {
            /// Every value.
            $visibility const ALL: [Self; [$($name),+].len()] = [$(Self::$value),+];

            /// Its name in the exposition.
            #[must_use]
            $visibility const fn name(self) -> &'static str {
                match self { $(Self::$value => $name,)+ }
            }
        }

        impl $crate::prometheus_client::encoding::EncodeLabelValue for $label {
            fn encode(
                &self,
                encoder: &mut $crate::prometheus_client::encoding::LabelValueEncoder<'_>,
            ) -> Result<(), ::std::fmt::Error> {
                ::std::fmt::Write::write_str(encoder, self.name())
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::Name;

    labels! {
        /// How a request ended.
        enum Ending {
            /// Well.
            Done = "done",
            /// Not well.
            Failed = "failed",
        }
    }

    #[test]
    fn labels_list_their_values_and_names() {
        assert_eq!(Ending::ALL.map(Ending::name), ["done", "failed"]);
    }

    #[test]
    fn names_that_the_code_does_not_know_have_one_label() {
        let among = |written| Name::among(["email", "viber"], written);
        assert_eq!(among("viber"), Name::from("viber"));
        assert_eq!([among("fax"), among("Viber"), among("")], [Name::OTHER; 3]);
    }
}
