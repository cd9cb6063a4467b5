//! Roles, and who may do what in the back office: a table of roles and rights (contract sections 2 and 6).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::language::{UnknownWord, words};
use super::party::ContextType;

words! {
    /// What a person may do where they work.
    Role, "ADMIN MANAGER DISPATCHER ACCOUNTANT OPERATOR" {
        /// Everything.
        Admin = "ADMIN",
        /// Sales and timetable.
        Manager = "MANAGER",
        /// Departures of the day.
        Dispatcher = "DISPATCHER",
        /// Reports.
        Accountant = "ACCOUNTANT",
        /// Operation of the platform itself, and nowhere else.
        Operator = "OPERATOR",
    }
}

words! {
    /// What a person may do in a company or for a partner: a [`Role`], but that of the platform's own people.
    StaffRole, "ADMIN MANAGER DISPATCHER ACCOUNTANT" {
        /// Everything.
        Admin = "ADMIN",
        /// Sales and timetable.
        Manager = "MANAGER",
        /// Departures of the day.
        Dispatcher = "DISPATCHER",
        /// Reports.
        Accountant = "ACCOUNTANT",
    }
}

impl From<StaffRole> for Role {
    fn from(role: StaffRole) -> Self {
        match role {
            StaffRole::Admin => Self::Admin,
            StaffRole::Manager => Self::Manager,
            StaffRole::Dispatcher => Self::Dispatcher,
            StaffRole::Accountant => Self::Accountant,
        }
    }
}

impl ContextType {
    /// Whether a person can have this role there.
    #[must_use]
    pub const fn has(self, role: Role) -> bool {
        matches!(self, Self::Platform) == matches!(role, Role::Operator)
    }
}

/// Something that a person may do; an operation of the back office asks for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Right {
    /// Ask for reports of a company and download them.
    Reports,
    /// See the buses of a company and switch their tracking.
    Buses,
    /// See and change the tickets of a company, and the departures that they are on.
    Tickets,
    /// Say what partners may do with a company's departures.
    Permissions,
    /// See and change the refund rules, discounts and cutoffs of a company.
    Terms,
    /// Upload, preview and publish the timetable of a company.
    Timetable,
    /// See, create and revoke the API keys of a partner.
    Keys,
    /// See how much a partner uses the API.
    Usage,
    /// See who works in a company or for a partner, invite, change roles, and withdraw accesses.
    People,
    /// See how the platform runs, and handle its queues and jobs.
    Operations,
}

impl Right {
    /// Every right.
    pub const ALL: [Self; 10] = [
        Self::Reports,
        Self::Buses,
        Self::Tickets,
        Self::Permissions,
        Self::Terms,
        Self::Timetable,
        Self::Keys,
        Self::Usage,
        Self::People,
        Self::Operations,
    ];

    /// Where the right exists: in companies, with partners, or on the platform.
    #[must_use]
    pub const fn contexts(self) -> &'static [ContextType] {
        match self {
            Self::Reports | Self::Buses | Self::Tickets | Self::Permissions | Self::Terms | Self::Timetable => {
                &[ContextType::Company]
            }
            Self::Keys | Self::Usage => &[ContextType::Partner],
            Self::People => &[ContextType::Company, ContextType::Partner],
            Self::Operations => &[ContextType::Platform],
        }
    }

    /// The roles that have it. `ADMIN` has every right in companies and with partners.
    #[must_use]
    pub const fn roles(self) -> &'static [Role] {
        match self {
            Self::Reports | Self::Usage => &[Role::Admin, Role::Manager, Role::Accountant],
            Self::Buses | Self::Tickets => &[Role::Admin, Role::Manager, Role::Dispatcher],
            Self::Terms | Self::Timetable => &[Role::Admin, Role::Manager],
            Self::Permissions | Self::Keys | Self::People => &[Role::Admin],
            Self::Operations => &[Role::Operator],
        }
    }

    /// Whether a user with this role in this kind of workplace has it.
    #[must_use]
    pub fn is_held(self, context: ContextType, role: Role) -> bool {
        self.contexts().contains(&context) && self.roles().contains(&role)
    }
}

#[cfg(test)]
mod tests {
    use super::Right;
    use crate::party::ContextType;
    use crate::role::Role;

    #[test]
    fn the_table_of_roles() {
        let held = |context, role| Right::ALL.map(|right| right.is_held(context, role));
        assert_eq!(
            held(ContextType::Company, Role::Admin),
            [true, true, true, true, true, true, false, false, true, false]
        );
        assert_eq!(
            held(ContextType::Company, Role::Manager),
            [true, true, true, false, true, true, false, false, false, false]
        );
        assert_eq!(
            held(ContextType::Company, Role::Dispatcher),
            [false, true, true, false, false, false, false, false, false, false]
        );
        assert_eq!(
            held(ContextType::Company, Role::Accountant),
            [true, false, false, false, false, false, false, false, false, false]
        );
        assert_eq!(
            held(ContextType::Partner, Role::Admin),
            [false, false, false, false, false, false, true, true, true, false]
        );
        for role in [Role::Manager, Role::Accountant] {
            let usage = [false, false, false, false, false, false, false, true, false, false];
            assert_eq!(held(ContextType::Partner, role), usage, "{role}");
        }
        assert_eq!(held(ContextType::Partner, Role::Dispatcher), [false; 10]);
        assert_eq!(
            held(ContextType::Platform, Role::Operator),
            [false, false, false, false, false, false, false, false, false, true]
        );
        for (context, role) in [
            (ContextType::Company, Role::Operator),
            (ContextType::Partner, Role::Operator),
            (ContextType::Platform, Role::Admin),
        ] {
            assert_eq!(held(context, role), [false; 10], "{role} at {context}");
        }
    }
}
