//! Sums of a report, decoded from PostgreSQL's binary form in whole numbers. The general decoder of sqlx collects the
//! digits in a vector and raises ten thousand to a power for each of them, which takes longer than any other value of a
//! row.

use rust_decimal::Decimal;

/// A `numeric(12, 2)`, the type of every sum; `None` for any other number. PostgreSQL sends the number of digits, the
/// power of the first one, the sign and the number of decimals, and then the digits, each from 0 to 9999.
pub(super) fn sum(bytes: &[u8]) -> Option<Decimal> {
    let (head, digits) = bytes.split_first_chunk::<8>()?;
    let [_, _, weight, power, sign, 0, 0, 2] = *head else {
        return None;
    };
    let sign = match sign {
        0x00 => 1,
        0x40 => -1,
        _ => return None,
    };
    let mut power = i16::from_be_bytes([weight, power]);
    // In units of a ten-thousandth, the value of the last digit that two decimals can have.
    let mut units = 0_i64;
    for digit in digits.chunks_exact(2) {
        let unit = match power {
            2 => 1_000_000_000_000,
            1 => 100_000_000,
            0 => 10_000,
            -1 => 1,
            _ => return None,
        };
        units += i64::from(i16::from_be_bytes([digit[0], digit[1]])) * unit;
        power -= 1;
    }
    Some(Decimal::new(sign * units / 100, 2))
}

#[cfg(test)]
mod tests {
    use rust_decimal::dec;

    use super::sum;

    /// A number as PostgreSQL sends it.
    fn sent(digits: &[i16], power: i16, sign: u16, decimals: u16) -> Vec<u8> {
        let head = [i16::try_from(digits.len()).unwrap(), power].map(i16::to_be_bytes);
        let tail = [sign, decimals].map(u16::to_be_bytes);
        let digits = digits.iter().map(|digit| digit.to_be_bytes());
        head.into_iter().chain(tail).chain(digits).flatten().collect()
    }

    #[test]
    fn sums_are_decoded() {
        for (digits, power, sign, amount) in [
            (vec![], 0, 0, dec!(0.00)),
            (vec![76], 0, 0, dec!(76.00)),
            (vec![1250, 5000], 0, 0, dec!(1250.50)),
            (vec![1000], -1, 0, dec!(0.10)),
            (vec![100], -1, 0, dec!(0.01)),
            (vec![1], 1, 0, dec!(10000.00)),
            (vec![1, 0, 100], 1, 0, dec!(10000.01)),
            (vec![99, 9999, 9999, 9900], 2, 0, dec!(9999999999.99)),
            (vec![3, 1400], 0, 0x4000, dec!(-3.14)),
        ] {
            assert_eq!(sum(&sent(&digits, power, sign, 2)), Some(amount), "{amount}");
        }
    }

    #[test]
    fn other_numbers_are_refused() {
        for bytes in [
            sent(&[], 0, 0xc000, 0),
            sent(&[], 0, 0xc000, 2),
            sent(&[5], 0, 0, 0),
            sent(&[1234, 5600], 0, 0, 3),
            sent(&[1], 3, 0, 2),
            sent(&[1, 2], -1, 0, 2),
            vec![0; 7],
        ] {
            assert_eq!(sum(&bytes), None, "{bytes:?}");
        }
    }
}
