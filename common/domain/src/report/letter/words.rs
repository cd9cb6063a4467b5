//! The sentences of mails about scheduled reports, one table per language. A text may name `{company}`, `{days}` and
//! `{until}`.

use crate::language::Language;

/// The sentences of a language.
#[derive(Debug)]
pub(super) struct Words {
    pub subject: &'static str,
    pub lead: &'static str,
    pub by_day_of_sale: &'static str,
    pub by_day_of_travel: &'static str,
    pub orders: &'static str,
    pub button: &'static str,
    /// Until when the link works, and that anyone who has it can open the file.
    pub term: &'static str,
    pub failed_subject: &'static str,
    pub failed_lead: &'static str,
    /// What the recipient can do.
    pub failed_note: &'static str,
    /// Why the recipient gets this mail, and who can stop it.
    pub footer: &'static str,
}

impl Words {
    pub(super) const fn of(language: Language) -> &'static Self {
        match language {
            Language::Uk => &UK,
            Language::Pl => &PL,
            Language::Cs => &CS,
            Language::En => &EN,
            Language::Ru => &RU,
        }
    }
}

const EN: Words = Words {
    subject: "{company}: orders, {days}",
    lead: "The scheduled report of {company} is ready.",
    by_day_of_sale: "Orders by day of sale",
    by_day_of_travel: "Orders by day of travel",
    orders: "Number of orders",
    button: "Download the report (CSV)",
    term: "The link works until {until}. Anyone who has it can download the file, which contains personal data of passengers: please do not forward it.",
    failed_subject: "{company}: the report for {days} was not made",
    failed_lead: "The scheduled report of {company} could not be made.",
    failed_note: "It can be requested again on the page “Reports” of PREXSELL. The next scheduled report is made as usual.",
    footer: "You receive this e-mail because {company} entered your address in a scheduled report. To stop these e-mails, please ask {company} to remove it.",
};

const UK: Words = Words {
    subject: "{company}: замовлення, {days}",
    lead: "Регулярний звіт компанії {company} готовий.",
    by_day_of_sale: "Замовлення за днем продажу",
    by_day_of_travel: "Замовлення за днем поїздки",
    orders: "Кількість замовлень",
    button: "Завантажити звіт (CSV)",
    term: "Посилання діє до {until} Завантажити файл може кожен, хто має посилання, а у файлі є персональні дані пасажирів: будь ласка, не пересилайте його.",
    failed_subject: "{company}: звіт за {days} не створено",
    failed_lead: "Не вдалося створити регулярний звіт компанії {company}.",
    failed_note: "Його можна замовити ще раз на сторінці «Звіти» в PREXSELL. Наступний регулярний звіт буде створено як завжди.",
    footer: "Ви отримали цей лист, бо компанія {company} вказала вашу адресу в регулярному звіті. Щоб більше не отримувати таких листів, попросіть компанію {company} видалити її.",
};

const PL: Words = Words {
    subject: "{company}: zamówienia, {days}",
    lead: "Zaplanowany raport firmy {company} jest gotowy.",
    by_day_of_sale: "Zamówienia według dnia sprzedaży",
    by_day_of_travel: "Zamówienia według dnia podróży",
    orders: "Liczba zamówień",
    button: "Pobierz raport (CSV)",
    term: "Link działa do: {until} Plik może pobrać każdy, kto ma link, a zawiera on dane osobowe pasażerów: prosimy nie przesyłać go dalej.",
    failed_subject: "{company}: raport za {days} nie powstał",
    failed_lead: "Nie udało się utworzyć zaplanowanego raportu firmy {company}.",
    failed_note: "Można go zamówić ponownie na stronie „Raporty” w PREXSELL. Następny zaplanowany raport powstanie jak zwykle.",
    footer: "Otrzymujesz tę wiadomość, ponieważ firma {company} wpisała Twój adres w zaplanowanym raporcie. Aby nie otrzymywać kolejnych, poproś firmę {company} o jego usunięcie.",
};

const CS: Words = Words {
    subject: "{company}: objednávky, {days}",
    lead: "Pravidelný přehled společnosti {company} je hotový.",
    by_day_of_sale: "Objednávky podle dne prodeje",
    by_day_of_travel: "Objednávky podle dne cesty",
    orders: "Počet objednávek",
    button: "Stáhnout přehled (CSV)",
    term: "Odkaz platí {until}. Soubor může stáhnout každý, kdo odkaz má, a obsahuje osobní údaje cestujících: prosíme, nepřeposílejte jej.",
    failed_subject: "{company}: přehled za {days} se nepodařilo vytvořit",
    failed_lead: "Pravidelný přehled společnosti {company} se nepodařilo vytvořit.",
    failed_note: "Lze o něj znovu požádat na stránce „Přehledy“ v PREXSELL. Příští pravidelný přehled vznikne jako obvykle.",
    footer: "Tento e-mail dostáváte, protože společnost {company} uvedla vaši adresu v pravidelném přehledu. Pokud další dostávat nechcete, požádejte společnost {company} o její odstranění.",
};

const RU: Words = Words {
    subject: "{company}: заказы, {days}",
    lead: "Регулярный отчёт компании {company} готов.",
    by_day_of_sale: "Заказы по дню продажи",
    by_day_of_travel: "Заказы по дню поездки",
    orders: "Количество заказов",
    button: "Скачать отчёт (CSV)",
    term: "Ссылка действует до {until} Скачать файл может каждый, у кого она есть, а в файле персональные данные пассажиров: пожалуйста, не пересылайте его.",
    failed_subject: "{company}: отчёт за {days} не создан",
    failed_lead: "Не удалось создать регулярный отчёт компании {company}.",
    failed_note: "Его можно заказать ещё раз на странице «Отчёты» в PREXSELL. Следующий регулярный отчёт будет создан как обычно.",
    footer: "Вы получили это письмо, потому что компания {company} указала ваш адрес в регулярном отчёте. Чтобы больше не получать таких писем, попросите компанию {company} удалить его.",
};
