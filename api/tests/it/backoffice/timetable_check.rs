//! Checks of uploaded timetables that are out of date, repeated, or about an undo, over HTTP.

use app::timetable::upload;
use chrono::TimeDelta;
use serde_json::json;

use crate::backoffice::timetable::{Desk, UPLOADS, id, own, own_until};

#[tokio::test]
async fn a_check_that_is_out_of_date_is_refused_and_repeated() {
    let desk = Desk::open().await;
    let importer = desk.importer();
    let mut checked = Vec::new();
    for feed in [own(), own_until("20270430")] {
        let asked = id(&desk.upload(feed).await);
        upload::preview(&importer, asked.parse().unwrap()).await.unwrap();
        checked.push(asked);
    }
    let press = async |asked: &str, act: &str| desk.manager.press(&format!("{UPLOADS}/{asked}/{act}")).await;
    let publish = async |asked: &str| {
        id(&press(asked, "publish").await);
        upload::run_publication(&importer, asked.parse().unwrap())
            .await
            .unwrap();
        assert_eq!(desk.get(asked).await["status"], "Published");
    };
    let (first, second) = (checked[0].as_str(), checked[1].as_str());
    publish(first).await;
    let refused = press(second, "publish").await;
    refused.refused(409, "TIMETABLE_CONFLICT");
    let message = refused.body["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("check it again"), "{message}");
    assert_eq!(id(&press(second, "check").await), second);
    assert_eq!(desk.get(second).await["status"], "Checking");
    upload::preview(&importer, second.parse().unwrap()).await.unwrap();
    desk.office.wait(TimeDelta::minutes(1));
    publish(second).await;
    press(second, "check").await.refused(409, "TIMETABLE_CONFLICT");

    let undo = id(&desk.manager.press("/v2/timetable/undo/check").await);
    upload::preview(&importer, undo.parse().unwrap()).await.unwrap();
    let would = desk.get(&undo).await;
    assert_eq!((&would["kind"], &would["status"]), (&json!("Undo"), &json!("Ready")));
    assert_eq!(would["report"]["sold"]["closed"]["total"], 0);
    publish(undo.as_str()).await;
    let seasons = desk.manager.get("/v2/timetable/seasons").await;
    assert_eq!(seasons.body["data"]["routes"][0]["seasons"][0]["lastDay"], "2027-03-31");
}
