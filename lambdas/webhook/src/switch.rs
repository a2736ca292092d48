//! A setting that is on or off, as the functions' environment writes it.

use crate::text::text_enum;

text_enum! {
    /// A setting that is on or off.
    pub enum Switch {
        /// It is on.
        On = "on",
        /// It is off.
        Off = "off",
    }
    else InvalidSwitch: "a switch is `on` or `off`";
}

impl Switch {
    /// Whether it is on.
    #[must_use]
    pub const fn is_on(self) -> bool {
        matches!(self, Self::On)
    }
}

impl From<bool> for Switch {
    fn from(on: bool) -> Self {
        if on { Self::On } else { Self::Off }
    }
}
