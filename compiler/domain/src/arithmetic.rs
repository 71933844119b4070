//! What amounts of all units can do with each other.

/// The checked arithmetic of an amount: a newtype over `u64` in its smallest unit.
macro_rules! arithmetic {
    ($amount:ident) => {
        impl $amount {
            /// The sum, if it fits.
            pub fn checked_add(self, other: Self) -> Option<Self> {
                self.0.checked_add(other.0).map(Self)
            }

            /// The difference, if it is not negative.
            pub fn checked_sub(self, other: Self) -> Option<Self> {
                self.0.checked_sub(other.0).map(Self)
            }

            /// The amount `times` times, if it fits.
            pub fn checked_mul(self, times: u64) -> Option<Self> {
                self.0.checked_mul(times).map(Self)
            }

            /// One of `parts` equal parts, rounded down to the smallest unit; `None` for no parts.
            pub fn checked_div(self, parts: u64) -> Option<Self> {
                self.0.checked_div(parts).map(Self)
            }

            /// The amount `times` times, rounded to the nearest smallest unit, if it fits and is not negative.
            pub fn scaled(self, times: f64) -> Option<Self> {
                Self::nearest(self.lossy() * times)
            }

            /// One of `parts` equal parts, rounded to the nearest smallest unit, if it fits and is not negative.
            pub fn shared(self, parts: f64) -> Option<Self> {
                Self::nearest(self.lossy() / parts)
            }

            #[expect(clippy::cast_precision_loss, reason = "what is lost is less than the rounding")]
            fn lossy(self) -> f64 {
                self.0 as f64
            }

            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the range is looked at before"
            )]
            fn nearest(amount: f64) -> Option<Self> {
                let amount = amount.round();
                // The first float beyond what fits.
                let beyond = 2f64.powi(64);
                (0.0..beyond).contains(&amount).then_some(Self(amount as u64))
            }

            /// How many times `other` fits in; `None` where `other` is nothing.
            pub fn times_of(self, other: Self) -> Option<u64> {
                self.0.checked_div(other.0)
            }

            /// What is left after taking `other` as often as it fits; `None` where `other` is nothing.
            pub fn rest_of(self, other: Self) -> Option<Self> {
                self.0.checked_rem(other.0).map(Self)
            }
        }
    };
}

pub(crate) use arithmetic;
