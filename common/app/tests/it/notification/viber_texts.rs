//! What Viber messages say.

use domain::language::Language;
use domain::ticket::Event;

use crate::notification::texts::message;

#[test]
fn a_paid_ticket_in_ukrainian_for_viber() {
    insta::assert_snapshot!(message(Language::Uk, Event::Paid).viber_text().unwrap(), @r"
    Ваш квиток оплачено
    Ми отримали вашу оплату: 1250,50 UAH. Щасливої дороги!

    Kyiv – Warsaw
    Відправлення: 06:30 (EET, UTC+2), субота, 21 листопада 2026 р.
    Central, Main street 1
    Платформа: 7
    Прибуття: 18:05 (CET, UTC+1), субота, 21 листопада 2026 р.
    Zachodnia

    Пасажир: Zdeněk Żółć-Їжак
    Місце: 17
    Маршрут: Kyiv – Warsaw
    Компанія: Karpaty
    Перевізник: Karpaty Trans
    Автобус: Setra S 516 HD
    Вартість: 1250,50 UAH
    Телефони перевізника: +380441234567
    Номер замовлення: H4TCVR4

    Час усюди місцевий — за годинником зупинки.
    ");
}

#[test]
fn a_refund_in_polish_for_viber() {
    insta::assert_snapshot!(message(Language::Pl, Event::Canceled).viber_text().unwrap(), @r"
    Twój bilet został anulowany
    Zwrot w wysokości 1000 UAH otrzymasz od sprzedawcy biletu.

    Kyiv – Warsaw
    Odjazd: 06:30 (EET, UTC+2), sobota, 21 listopada 2026 r.
    Central, Main street 1
    Stanowisko: 7
    Przyjazd: 18:05 (CET, UTC+1), sobota, 21 listopada 2026 r.
    Zachodnia

    Pasażer: Zdeněk Żółć-Їжак
    Miejsce: 17
    Trasa: Kyiv – Warsaw
    Firma: Karpaty
    Przewoźnik: Karpaty Trans
    Autobus: Setra S 516 HD
    Cena: 1250,50 UAH
    Kwota zwrotu: 1000 UAH
    Telefony przewoźnika: +380441234567
    Numer zamówienia: H4TCVR4

    Wszystkie godziny podano w czasie lokalnym przystanku.
    ");
}

#[test]
fn a_viber_message_is_as_short_as_viber_wants_it() {
    let mut message = message(Language::Uk, Event::Paid);
    let long = "Дуже довгий опис, ".repeat(1_000);
    for call in [&mut message.departure, &mut message.arrival] {
        (call.city, call.stop) = (long.clone(), long.clone());
        (call.address, call.platform) = (Some(long.clone()), Some(long.clone()));
    }
    (message.route, message.company, message.carrier) = (long.clone(), long.clone(), format!("x{long}"));
    message.bus = Some(long.clone());
    message.carrier_phones = vec![long; 20];
    let text = message.viber_text().unwrap();
    assert!(text.chars().count() < 7_000, "{}", text.chars().count());
    assert!(text.contains("H4TCVR4"));
}
