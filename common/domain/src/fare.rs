//! Fares: what a segment costs, in which currency.

use crate::exchange_rate::Rates;
use crate::money::{Currency, Money};

/// Which of route, origin and destination a fare names; what it does not name can be any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Shape(u8);

/// Every shape, from the one that names all to the one that names nothing.
pub const SHAPES: [Shape; 8] = [
    Shape(0b111),
    Shape(0b011),
    Shape(0b110),
    Shape(0b101),
    Shape(0b100),
    Shape(0b010),
    Shape(0b001),
    Shape(0b000),
];

impl Shape {
    /// The shape of a fare that names these.
    #[must_use]
    pub const fn new(route: bool, origin: bool, destination: bool) -> Self {
        Self((route as u8) << 2 | (origin as u8) << 1 | destination as u8)
    }

    /// Whether a fare of this shape is narrower than one of the other shape, if both hold for the same ride: it names
    /// all that the other one names, and more.
    #[must_use]
    pub const fn refines(self, other: Self) -> bool {
        self.0 != other.0 && self.0 & other.0 == other.0
    }

    /// The parts of a ride that a fare of this shape names; `None` when the ride does not have all of them.
    #[must_use]
    pub fn of<R, Z>(self, route: Option<R>, origin: Option<Z>, destination: Option<Z>) -> Option<Named<R, Z>> {
        fn named<T>(is_named: bool, value: Option<T>) -> Option<Option<T>> {
            if is_named { value.map(Some) } else { Some(None) }
        }
        let has = |bit: u8| self.0 & bit != 0;
        Some((
            named(has(0b100), route)?,
            named(has(0b010), origin)?,
            named(has(0b001), destination)?,
        ))
    }
}

/// Route, origin and destination, as far as a fare names them.
pub type Named<R, Z> = (Option<R>, Option<Z>, Option<Z>);

/// Of the fares that hold for the same ride, those for which there is no narrower one. There are several when none of
/// them is narrower than the others, such as one for the route and one for the two zones.
#[must_use]
pub fn narrowest<T: Copy>(found: &[(Shape, T)]) -> Vec<(Shape, T)> {
    let is_refined = |shape: Shape| found.iter().any(|(other, _)| other.refines(shape));
    found.iter().copied().filter(|(shape, _)| !is_refined(*shape)).collect()
}

/// The prices of a ride for which several fares hold, none of which is narrower than another: in each currency the
/// highest. Empty when one of them has no price.
#[must_use]
pub fn together(fares: &[&[Money]]) -> Vec<Money> {
    let mut prices: Vec<Money> = Vec::new();
    if fares.iter().any(|fare| fare.is_empty()) {
        return prices;
    }
    for price in fares.iter().copied().flatten() {
        match prices.iter_mut().find(|known| known.currency == price.currency) {
            Some(known) => known.amount = known.amount.max(price.amount),
            None => prices.push(*price),
        }
    }
    prices
}

/// The prices of a segment: the asked currency first, then the stored ones. A fare that is not stored in the asked
/// currency is converted from the stored price that yields the most, and rounded up to a whole unit; without a rate
/// there is none.
#[must_use]
pub fn prices(stored: &[Money], asked: Currency, rates: &Rates) -> Option<Vec<Money>> {
    let own = stored.iter().copied().find(|fare| fare.currency == asked);
    let converted = || {
        let converted = |fare: &Money| Some(fare.converted_up(rates.rate(fare.currency, asked)?, asked));
        stored.iter().filter_map(converted).max_by_key(|price| price.amount)
    };
    let first = own.or_else(converted)?;
    Some(
        std::iter::once(first)
            .chain(stored.iter().copied().filter(|fare| fare.currency != asked))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use rust_decimal::dec;

    use super::{SHAPES, Shape, narrowest, prices, together};
    use crate::exchange_rate::Rates;
    use crate::money::{Currency, Money};

    #[test]
    fn an_own_price_is_not_converted_and_a_converted_one_is_whole() {
        let stored = [Money::new(dec!(45.99), Currency::Eur)];
        let rates = Rates::new([(Currency::Eur, Currency::Uah, dec!(48.7))]);
        assert_eq!(prices(&stored, Currency::Eur, &rates), Some(stored.to_vec()));
        let uah = prices(&stored, Currency::Uah, &rates).unwrap();
        assert_eq!(uah, [Money::new(dec!(2240), Currency::Uah), stored[0]]);
        assert_eq!(prices(&stored, Currency::Czk, &rates), None);
        assert_eq!(prices(&[], Currency::Eur, &rates), None);
    }

    #[test]
    fn a_converted_price_is_the_highest_of_the_stored_ones() {
        let stored = [
            Money::new(dec!(300), Currency::Uah),
            Money::new(dec!(7.77), Currency::Eur),
        ];
        let rates = Rates::new([
            (Currency::Eur, Currency::Uah, dec!(60)),
            (Currency::Eur, Currency::Pln, dec!(4)),
        ]);
        let pln = prices(&stored, Currency::Pln, &rates).unwrap();
        assert_eq!(
            pln[0],
            Money::new(dec!(32), Currency::Pln),
            "31.08 of euros, 20 of hryvnias"
        );
        let only_euros = Rates::new([(Currency::Eur, Currency::Pln, dec!(4))]);
        assert_eq!(prices(&stored, Currency::Pln, &only_euros).unwrap()[0], pln[0]);
    }

    #[test]
    fn only_a_fare_for_a_part_of_the_same_is_narrower() {
        let all = |shapes: &[Shape]| {
            let found: Vec<(Shape, Shape)> = shapes.iter().map(|shape| (*shape, *shape)).collect();
            narrowest(&found)
                .into_iter()
                .map(|(shape, _)| shape)
                .collect::<Vec<_>>()
        };
        let (route, pair) = (Shape::new(true, false, false), Shape::new(false, true, true));
        let (from, to) = (Shape::new(true, true, false), Shape::new(true, false, true));
        assert_eq!(all(&SHAPES), [SHAPES[0]]);
        assert_eq!(all(&[pair, from, SHAPES[7]]), [pair, from]);
        assert_eq!(all(&[from, to, route]), [from, to]);
        assert_eq!(all(&[]), []);
    }

    #[test]
    fn of_fares_of_which_none_is_narrower_the_highest_holds_and_an_unknown_one_closes() {
        let uah = |amount| Money::new(amount, Currency::Uah);
        let euros = Money::new(dec!(9), Currency::Eur);
        let (low, high) = ([uah(dec!(350))], [uah(dec!(700)), euros]);
        assert_eq!(together(&[&low, &high]), [uah(dec!(700)), euros]);
        assert_eq!(together(&[&low, &[]]), []);
        assert_eq!(together(&[&low]), low);
    }
}
