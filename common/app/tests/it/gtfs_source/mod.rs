//! Feeds on disk: what an archive may look like, and what is refused before it is unpacked.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clients::gtfs_source::{SourceError, read};
use rstest::rstest;
use tempfile::TempDir;
use testing::feed::TestFeed;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

mod fetch;

fn zipped(folder: &TempDir, feed: &TestFeed) -> PathBuf {
    let path = folder.path().join("feed.zip");
    feed.write_zip(&path);
    path
}

fn in_subfolder(feed: &TestFeed, prefix: &str) -> TestFeed {
    let files = feed
        .files
        .iter()
        .map(|(name, content)| (format!("{prefix}{name}"), content.clone()));
    TestFeed { files: files.collect() }
}

#[rstest]
#[case::flat("")]
#[case::subfolder("export/")]
#[case::deep("a/b/")]
fn archives_are_read_wherever_the_feed_lies_in_them(#[case] prefix: &str) {
    let folder = TempDir::new().unwrap();
    let feed = in_subfolder(&TestFeed::tiny(), prefix)
        .file("__MACOSX/._agency.txt", "litter")
        .file(&format!("__MACOSX/{prefix}agency.txt"), "litter")
        .file(&format!("{prefix}shapes.txt"), "ignored");
    let source = read(&zipped(&folder, &feed), None).unwrap();
    assert_eq!(source.files, TestFeed::tiny().files());
    assert_eq!(source.stem, "feed");
}

#[test]
fn names_with_backslashes_and_capitals_are_read() {
    let folder = TempDir::new().unwrap();
    let windows = in_subfolder(&TestFeed::tiny(), "feed\\").file("feed\\inner\\", "");
    let source = read(&zipped(&folder, &windows), None).unwrap();
    assert_eq!(source.files, TestFeed::tiny().files());

    let capitals = TestFeed::tiny().files.into_iter();
    let capitals = TestFeed {
        files: capitals.map(|(name, content)| (name.to_uppercase(), content)).collect(),
    };
    assert_eq!(
        read(&zipped(&folder, &capitals), None).unwrap().files,
        TestFeed::tiny().files()
    );
    capitals.write_folder(&folder.path().join("capitals"));
    let source = read(&folder.path().join("capitals"), None).unwrap();
    assert_eq!(source.files, TestFeed::tiny().files());
}

#[test]
fn an_archive_in_an_archive_is_unpacked_once() {
    let folder = TempDir::new().unwrap();
    let around = |name: &str, inner: &TestFeed| {
        let empty = TestFeed { files: BTreeMap::new() };
        empty
            .file(name, inner.zipped())
            .file("__MACOSX/._x.zip", "litter")
            .file("readme.md", "read me")
    };
    let nested = around("release/google_transit.zip", &in_subfolder(&TestFeed::tiny(), "x/"));
    let source = read(&zipped(&folder, &nested), None).unwrap();
    assert_eq!((source.files, source.stem.as_str()), (TestFeed::tiny().files(), "feed"));
    assert_eq!(
        source.notices,
        ["the feed is in the archive release/google_transit.zip inside the archive"]
    );

    let deeper = around("outer.zip", &nested);
    let refusal = read(&zipped(&folder, &deeper), None).unwrap_err();
    assert!(
        matches!(&refusal, SourceError::NestedTooDeep(name) if name == "outer.zip"),
        "{refusal}"
    );
    let two = nested.file("release/old.ZIP", TestFeed::tiny().zipped());
    let refusal = read(&zipped(&folder, &two), None).unwrap_err().to_string();
    assert!(
        refusal.contains("release/google_transit.zip, release/old.ZIP"),
        "{refusal}"
    );
    let beside = TestFeed::tiny().file("old.zip", "not even an archive");
    assert_eq!(
        read(&zipped(&folder, &beside), None).unwrap().files,
        TestFeed::tiny().files()
    );
    let broken = around("inner.zip", &TestFeed::tiny()).file("inner.zip", "no archive");
    assert!(matches!(
        read(&zipped(&folder, &broken), None),
        Err(SourceError::Zip(_))
    ));
    let evil = around("inner.zip", &TestFeed::tiny().file("../evil.txt", "x"));
    assert!(matches!(
        read(&zipped(&folder, &evil), None),
        Err(SourceError::Hostile(_))
    ));
}

#[test]
fn files_that_may_matter_and_are_not_read_are_named() {
    let folder = TempDir::new().unwrap();
    let feed = TestFeed::tiny()
        .file("shapes.txt", "x")
        .file("timeframes.txt", "x")
        .file("Booking_Rules.txt", "x")
        .file("logo.png", "x")
        .file("other/x.txt", "x");
    let source = read(&zipped(&folder, &feed), None).unwrap();
    assert_eq!(
        source.notices,
        ["files that are not read: Booking_Rules.txt, timeframes.txt"]
    );
}

#[test]
fn folders_are_read_with_the_vehicles_beside_them() {
    let folder = TempDir::new().unwrap();
    let feed = TestFeed::tiny().without("vehicles.csv");
    feed.write_folder(&folder.path().join("demo/tiny"));
    std::fs::write(folder.path().join("demo/vehicles.csv"), "company,bus,seats\n").unwrap();
    let source = read(&folder.path().join("demo/tiny"), None).unwrap();
    assert_eq!(source.files.0["vehicles.csv"], b"company,bus,seats\n");
    assert_eq!(source.stem, "tiny");

    let own = folder.path().join("own.csv");
    std::fs::write(&own, "own").unwrap();
    let source = read(&folder.path().join("demo/tiny"), Some(&own)).unwrap();
    assert_eq!(source.files.0["vehicles.csv"], b"own");

    let above = read(&folder.path().join("demo"), None).unwrap();
    assert_eq!(above.files.0["agency.txt"], feed.files["agency.txt"]);
}

#[rstest]
#[case::climbs("../agency.txt", "points outside")]
#[case::climbs_inside("feed/../../evil.txt", "points outside")]
#[case::absolute("/etc/passwd", "points outside")]
#[case::windows("C:\\evil.txt", "points outside")]
#[case::windows_climbs("..\\evil.txt", "points outside")]
fn names_that_lead_out_of_the_archive_refuse_it(#[case] name: &str, #[case] reason: &str) {
    let folder = TempDir::new().unwrap();
    let path = zipped(&folder, &TestFeed::tiny().file(name, "evil"));
    let refusal = read(&path, None).unwrap_err();
    assert!(
        matches!(refusal, SourceError::Hostile(_)) && refusal.to_string().contains(reason),
        "{refusal}"
    );
}

#[test]
fn links_refuse_an_archive_and_a_folder() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("links.zip");
    let mut zip = ZipWriter::new(std::fs::File::create(&path).unwrap());
    zip.add_symlink("agency.txt", "/etc/passwd", SimpleFileOptions::default())
        .unwrap();
    zip.finish().unwrap();
    assert!(read(&path, None).unwrap_err().to_string().contains("is a link"));

    let feed = folder.path().join("feed");
    TestFeed::tiny().without("stops.txt").write_folder(&feed);
    std::os::unix::fs::symlink("/etc/passwd", feed.join("stops.txt")).unwrap();
    assert!(
        read(&feed, None)
            .unwrap_err()
            .to_string()
            .contains("stops.txt is a link")
    );
}

#[test]
fn a_bomb_is_refused_by_what_it_declares() {
    let folder = TempDir::new().unwrap();
    let path = zipped(&folder, &TestFeed::tiny().file("shapes.txt", vec![b'x'; 1_234_567]));
    assert!(read(&path, None).is_ok());
    // The same archive, declaring two gigabytes for that entry.
    let mut bytes = std::fs::read(&path).unwrap();
    let (truth, lie) = (1_234_567_u32.to_le_bytes(), 0x7fff_ffff_u32.to_le_bytes());
    let places: Vec<usize> = (0..bytes.len() - 4).filter(|at| bytes[*at..at + 4] == truth).collect();
    for at in places {
        bytes[at..at + 4].copy_from_slice(&lie);
    }
    std::fs::write(&path, bytes).unwrap();
    assert!(matches!(read(&path, None), Err(SourceError::TooLarge)));
}

#[rstest]
#[case::text(b"this is no archive".as_slice(), "not a readable zip archive")]
#[case::empty(b"".as_slice(), "not a readable zip archive")]
fn what_is_no_archive_is_refused(#[case] bytes: &[u8], #[case] message: &str) {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("feed.zip");
    std::fs::write(&path, bytes).unwrap();
    assert!(read(&path, None).unwrap_err().to_string().contains(message));
    assert!(matches!(
        read(&folder.path().join("nothing.zip"), None),
        Err(SourceError::Io { .. })
    ));
}

#[test]
fn an_archive_without_a_feed_and_one_with_two_are_refused() {
    let folder = TempDir::new().unwrap();
    let none = zipped(&folder, &TestFeed::tiny().without("agency.txt"));
    assert!(matches!(read(&none, None), Err(SourceError::NotAFeed)));
    let two = zipped(&folder, &TestFeed::tiny().file("other/agency.txt", "x"));
    assert!(matches!(read(&two, None), Err(SourceError::Ambiguous(..))));
}
