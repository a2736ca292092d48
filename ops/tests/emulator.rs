//! The emulator never outlives its purpose: real processes, no stand-ins.
//!
//! Needs the pinned tools (`./just` installs them).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::time::Duration;

use hookline_ops::checkout::Checkout;
use hookline_ops::local::{Emulator, EmulatorError, EmulatorOptions, Inventory, group_is_alive, until};

const SOON: Duration = Duration::from_secs(15);

fn checkout() -> Checkout {
    Checkout::around(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap()
}

async fn start(folder: &Path, options: &EmulatorOptions) -> Result<Emulator, EmulatorError> {
    Emulator::start(&checkout(), folder, options).await
}

async fn gone(group: i32) -> bool {
    until("the emulator to end", SOON, async || (!group_is_alive(group)).then_some(())).await.is_ok()
}

#[tokio::test]
async fn a_fresh_account_is_empty_and_stopping_ends_every_process() {
    let folder = tempfile::tempdir().unwrap();
    let emulator = start(folder.path(), &EmulatorOptions::default()).await.unwrap();
    let group = emulator.group();
    let inventory = Inventory::take(&checkout(), &emulator.endpoint(), emulator.region()).await.unwrap();
    assert_eq!(inventory.found(), Vec::<String>::new());
    assert!(inventory.services().len() >= 10);
    emulator.stop().await;
    assert!(gone(group).await);
}

#[tokio::test]
async fn dropping_the_handle_ends_every_process() {
    let folder = tempfile::tempdir().unwrap();
    let emulator = start(folder.path(), &EmulatorOptions::default()).await.unwrap();
    let group = emulator.group();
    drop(emulator);
    assert!(gone(group).await);
}

#[tokio::test]
async fn it_ends_by_itself_when_its_life_time_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let options = EmulatorOptions { life: Duration::from_secs(4), ..EmulatorOptions::default() };
    let emulator = start(folder.path(), &options).await.unwrap();
    let group = emulator.group();
    emulator.leave_running().await;
    assert!(group_is_alive(group), "it goes on without its handle");
    assert!(gone(group).await);
}

#[tokio::test]
async fn a_second_one_on_the_same_port_is_refused_with_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let first = start(&folder.path().join("first"), &EmulatorOptions::default()).await.unwrap();
    let options = EmulatorOptions { port: Some(first.port()), ..EmulatorOptions::default() };
    let error = start(&folder.path().join("second"), &options).await.unwrap_err();
    assert!(matches!(error, EmulatorError::PortTaken(port) if port == first.port()), "{error}");
    assert!(error.to_string().contains("choose another with --port"));
    first.stop().await;
}
