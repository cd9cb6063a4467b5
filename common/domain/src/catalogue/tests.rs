use std::sync::Arc;

use super::{Catalogue, City, CityFilter, Page, Stop, StopFilter, Window};
use crate::city::Names;
use crate::id::{CityId, StopId};
use crate::language::{Country, Language};
use crate::zone::Zone;

const ALL: Window = Window { take: 100, skip: 0 };

fn stop_in(slug: &str, stored: &str, country: Country, translations: &[(Language, &str)]) -> Arc<Stop> {
    stop_with_aliases(slug, stored, country, translations, &[])
}

fn stop_with_aliases(
    slug: &str,
    stored: &str,
    country: Country,
    translations: &[(Language, &str)],
    aliases: &[&str],
) -> Arc<Stop> {
    let city = City {
        id: CityId::new(),
        slug: slug.into(),
        names: Names::new(stored, translations.iter().map(|(l, name)| (*l, (*name).into()))),
        aliases: aliases.iter().map(|alias| (*alias).into()).collect(),
        country,
        time_zone: "Europe/Kyiv".into(),
        zone: Zone::named("Europe/Kyiv").unwrap(),
    };
    Arc::new(Stop {
        id: StopId::new(),
        names: Names::new(&format!("{slug} central"), []),
        address: None,
        platform: None,
        latitude: 0.0,
        longitude: 0.0,
        city: Arc::new(city),
    })
}

fn sample() -> Catalogue {
    Catalogue::new(vec![
        stop_in(
            "kyiv",
            "Kyiv",
            Country::Ua,
            &[(Language::Uk, "Київ"), (Language::En, "Kyiv"), (Language::Pl, "Kijów")],
        ),
        stop_in(
            "lodz",
            "Łódź",
            Country::Pl,
            &[(Language::Uk, "Лодзь"), (Language::Pl, "Łódź")],
        ),
        stop_in(
            "lviv",
            "Lviv",
            Country::Ua,
            &[(Language::Uk, "Львів"), (Language::Pl, "Lwów")],
        ),
        stop_in("wien", "Wien", Country::At, &[(Language::En, "Vienna")]),
        stop_in("brno", "Brno", Country::Cz, &[]),
    ])
}

fn slugs(page: &Page<&City>) -> Vec<String> {
    page.items.iter().map(|city| city.slug.to_string()).collect()
}

fn search(catalogue: &Catalogue, text: &str) -> Vec<String> {
    let filter = CityFilter {
        search: Some(text),
        country: None,
    };
    slugs(&catalogue.cities(filter, Language::En, ALL))
}

#[test]
fn names_fall_back_to_ukrainian_then_english_then_stored() {
    let catalogue = sample();
    let name = |slug, language| catalogue.city_by_slug(slug).unwrap().names.get(language).to_owned();
    assert_eq!(name("kyiv", Language::Pl), "Kijów");
    assert_eq!(name("kyiv", Language::Cs), "Київ");
    assert_eq!(name("wien", Language::Uk), "Vienna");
    assert_eq!(name("brno", Language::Ru), "Brno");
}

#[test]
fn search_finds_any_translation_without_case_or_accents() {
    let catalogue = sample();
    assert_eq!(search(&catalogue, "KIJOW"), ["kyiv"]);
    assert_eq!(search(&catalogue, "київ"), ["kyiv"]);
    assert_eq!(search(&catalogue, "lodz"), ["lodz"]);
    assert_eq!(search(&catalogue, "enn"), ["wien"]);
    assert_eq!(search(&catalogue, "ow"), ["kyiv", "lviv"]);
}

#[test]
fn search_finds_aliases_by_the_beginning_of_a_word() {
    let catalogue = Catalogue::new(vec![
        stop_with_aliases("vienna", "Vienna", Country::At, &[], &["Wien", "Bécs", "Відень"]),
        stop_with_aliases("bucharest", "Bucharest", Country::Ro, &[], &["București", "Bukareszt"]),
        stop_with_aliases(
            "the-hague",
            "The Hague",
            Country::Nl,
            &[],
            &["Den Haag", "'s-Gravenhage"],
        ),
    ]);
    assert_eq!(search(&catalogue, "Wien"), ["vienna"]);
    assert_eq!(search(&catalogue, "becs"), ["vienna"]);
    assert_eq!(search(&catalogue, "București"), ["bucharest"]);
    assert_eq!(search(&catalogue, "bucuresti"), ["bucharest"]);
    assert_eq!(search(&catalogue, "haag"), ["the-hague"]);
    assert_eq!(search(&catalogue, "den haag"), ["the-hague"]);
    assert!(search(&catalogue, "ecs").is_empty(), "not inside a word of an alias");
    assert_eq!(search(&catalogue, "enna"), ["vienna"], "but anywhere in a name");
}

#[test]
fn search_does_not_reach_across_names_and_ignores_empty_keys() {
    let catalogue = sample();
    assert!(search(&catalogue, "kyiv lodz").is_empty());
    assert!(search(&catalogue, "kyiv\nlodz").is_empty());
    assert!(search(&catalogue, "´´").is_empty());
}

#[test]
fn cities_come_by_name_in_the_asked_language() {
    let catalogue = sample();
    let listed = |language| slugs(&catalogue.cities(CityFilter::default(), language, ALL));
    assert_eq!(listed(Language::Pl), ["brno", "kyiv", "lodz", "lviv", "wien"]);
    assert_eq!(listed(Language::Uk), ["brno", "wien", "kyiv", "lodz", "lviv"]);
}

#[test]
fn total_counts_what_the_window_leaves_out() {
    let catalogue = sample();
    let ukraine = CityFilter {
        search: None,
        country: Some(Country::Ua),
    };
    let page = catalogue.cities(ukraine, Language::Uk, Window { take: 1, skip: 1 });
    assert_eq!((slugs(&page), page.total), (vec!["lviv".to_owned()], 2));
    let beyond = catalogue.cities(
        ukraine,
        Language::Uk,
        Window {
            take: 1,
            skip: usize::MAX,
        },
    );
    assert_eq!((beyond.items.len(), beyond.total), (0, 2));
}

#[test]
fn stops_are_found_by_city_country_and_id() {
    let catalogue = sample();
    let lviv = catalogue.city_by_slug("lviv").unwrap().id;
    let of_city = catalogue.stops(
        StopFilter {
            city_id: Some(lviv),
            country: None,
        },
        ALL,
    );
    assert_eq!(of_city.total, 1);
    let stop = of_city.items[0];
    assert_eq!(
        (stop.names.get(Language::Uk), &*stop.city.slug),
        ("lviv central", "lviv")
    );
    assert_eq!(catalogue.stop(stop.id).unwrap(), stop);
    assert_eq!(
        catalogue
            .stops(
                StopFilter {
                    city_id: None,
                    country: Some(Country::Ua)
                },
                ALL
            )
            .total,
        2
    );
    assert!(catalogue.stop(StopId::new()).is_none());
}
