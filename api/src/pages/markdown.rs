//! Markdown to HTML: headings get ids, links between guides become links between pages, wide tables scroll.

use domain::slug::slug;
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// A guide as HTML.
pub(super) struct Rendered {
    /// The text of its first heading.
    pub title: String,
    /// Its sections, in order.
    pub sections: Vec<Section>,
    /// All of it.
    pub body: String,
}

/// A second-level heading.
pub(super) struct Section {
    /// Its anchor.
    pub id: String,
    /// Its text.
    pub text: String,
}

/// Renders `markdown`; `page_of` returns the path of the page for the file of a guide.
pub(super) fn render(markdown: &str, page_of: impl Fn(&str) -> Option<&'static str>) -> Rendered {
    let mut events: Vec<Event<'_>> = Parser::new_ext(markdown, Options::ENABLE_TABLES).collect();
    let (mut title, mut sections) = (String::new(), Vec::new());
    for at in 0..events.len() {
        let Event::Start(Tag::Heading { level, .. }) = events[at] else {
            continue;
        };
        let text = heading_text(&events[at..]);
        let anchor = slug(&text);
        if let Event::Start(Tag::Heading { id, .. }) = &mut events[at] {
            *id = Some(anchor.clone().into());
        }
        match level {
            HeadingLevel::H1 if title.is_empty() => title = text,
            HeadingLevel::H2 => sections.push(Section { id: anchor, text }),
            _ => {}
        }
    }
    let events = events.into_iter().flat_map(|event| match event {
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) => [
            None,
            Some(Event::Start(Tag::Link {
                link_type,
                dest_url: page_link(&dest_url, &page_of).map_or(dest_url, CowStr::from),
                title,
                id,
            })),
        ],
        table @ Event::Start(Tag::Table(_)) => [
            Some(Event::Html("<div class=\"scroll\" tabindex=\"0\">".into())),
            Some(table),
        ],
        end @ Event::End(TagEnd::Table) => [Some(end), Some(Event::Html("</div>\n".into()))],
        other => [None, Some(other)],
    });
    let mut body = String::new();
    html::push_html(&mut body, events.flatten());
    // An element that scrolls must be reachable by keyboard.
    let body = body.replace("<pre>", "<pre tabindex=\"0\">");
    Rendered { title, sections, body }
}

/// The text of the heading that `events` begin with.
fn heading_text(events: &[Event<'_>]) -> String {
    events
        .iter()
        .take_while(|event| !matches!(event, Event::End(TagEnd::Heading(_))))
        .filter_map(|event| match event {
            Event::Text(text) | Event::Code(text) => Some(&**text),
            _ => None,
        })
        .collect()
}

/// The path of the page behind a link to the file of a guide; keeps the anchor.
fn page_link(link: &str, page_of: impl Fn(&str) -> Option<&'static str>) -> Option<String> {
    let (file, anchor) = link.find('#').map_or((link, ""), |at| link.split_at(at));
    Some(format!("{}{anchor}", page_of(file)?))
}
