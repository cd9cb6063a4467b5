//! A sold departure whose stops changed: where the calls that tickets use have gone.

/// New positions of the calls at `needed` (ascending positions in `old`), in the same order; `None` when the new stops
/// do not have them in that order. Unchanged stops keep their positions; otherwise each needed stop is searched for
/// after the one before it, which finds a position for all of them whenever there is one.
#[must_use]
pub fn realign<S: PartialEq>(old: &[S], new: &[S], needed: &[usize]) -> Option<Vec<usize>> {
    if old == new {
        return needed
            .iter()
            .map(|position| (*position < new.len()).then_some(*position))
            .collect();
    }
    let mut from = 0;
    needed
        .iter()
        .map(|position| {
            let stop = old.get(*position)?;
            let found = from + new.get(from..)?.iter().position(|s| s == stop)?;
            from = found + 1;
            Some(found)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::realign;

    #[rstest]
    #[case::unchanged("ABCD", "ABCD", &[0, 3], Some(vec![0, 3]))]
    #[case::a_stop_in_between("ABCD", "AXBYCD", &[1, 3], Some(vec![2, 5]))]
    #[case::a_stop_that_nobody_uses_is_gone("ABCD", "ACD", &[0, 2], Some(vec![0, 1]))]
    #[case::a_stop_that_is_used_is_gone("ABCD", "ACD", &[1, 2], None)]
    #[case::the_other_way_round("ABCD", "DCBA", &[0, 3], None)]
    #[case::a_stop_visited_twice_stays_where_it_is("ABAC", "ABAC", &[2, 3], Some(vec![2, 3]))]
    #[case::back_to_the_start("ABCA", "AXBCA", &[2, 3], Some(vec![3, 4]))]
    #[case::nobody("AB", "XY", &[], Some(vec![]))]
    fn calls_keep_their_order(
        #[case] old: &str,
        #[case] new: &str,
        #[case] needed: &[usize],
        #[case] expected: Option<Vec<usize>>,
    ) {
        assert_eq!(realign(old.as_bytes(), new.as_bytes(), needed), expected);
    }
}
