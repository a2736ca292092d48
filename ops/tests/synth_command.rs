//! `hookline synth` as a user meets it: exit codes, files, and what bad input gets.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;
use zip::write::SimpleFileOptions;

const X86_64: u16 = 62;
const AARCH64: u16 = 183;

/// A folder with both zips as `./just build` leaves them, but tiny.
fn folder_with_zips(machine: u16) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("out")).unwrap();
    for name in ["ingestion.zip", "processing.zip"] {
        write_zip(&folder.path().join("out").join(name), "bootstrap", 0o755, &elf(machine));
    }
    folder
}

fn elf(machine: u16) -> Vec<u8> {
    let mut header = vec![0_u8; 64];
    header[..4].copy_from_slice(b"\x7fELF");
    header[18..20].copy_from_slice(&machine.to_le_bytes());
    header
}

fn write_zip(path: &Path, file: &str, mode: u32, content: &[u8]) {
    let mut zip = zip::ZipWriter::new(fs::File::create(path).unwrap());
    zip.start_file(file, SimpleFileOptions::default().unix_permissions(mode)).unwrap();
    zip.write_all(content).unwrap();
    zip.finish().unwrap();
}

fn synth(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hookline")).arg("synth").args(arguments).current_dir(folder).output().unwrap()
}

/// The standard error of a run that must fail with exit code 1, write nothing and show no stack trace.
fn failure(folder: &Path, arguments: &[&str]) -> String {
    let output = synth(folder, arguments);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(!folder.join("out/main.tf.json").exists(), "nothing may be written");
    assert!(error.starts_with("error") && !error.contains("panicked"), "{error}");
    error
}

#[test]
fn without_any_configuration_the_documents_are_written_beside_the_zips() {
    let folder = folder_with_zips(X86_64);
    let output = synth(folder.path(), &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("environment `dev`") && text.contains("terraform -chdir=out init"), "{text}");
    let mut files: Vec<String> = fs::read_dir(folder.path().join("out"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(files, ["ingestion.zip", "main.tf.json", "processing.zip", "versions.tf.json"]);
}

#[test]
fn what_is_weak_about_a_providers_signature_is_said_when_it_is_configured() {
    let folder = folder_with_zips(X86_64);
    fs::write(folder.path().join("hookline.toml"), "[providers.stripe]\n[providers.xendit]\n[providers.mollie]\n")
        .unwrap();
    let text = String::from_utf8(synth(folder.path(), &[]).stdout).unwrap();
    assert!(text.contains("note on xendit: A static token"), "{text}");
    assert!(text.contains("note on mollie: Next-gen webhooks only"), "{text}");
    assert!(!text.contains("note on stripe"), "{text}");
}

#[test]
fn the_options_set_the_defaults_of_the_terraform_variables() {
    let folder = folder_with_zips(AARCH64);
    let output = synth(
        folder.path(),
        &[
            "--environment-suffix",
            "staging",
            "--region",
            "eu-west-1",
            "--architecture",
            "arm64",
            "--backend",
            "s3://states/x",
        ],
    );
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = fs::read_to_string(folder.path().join("out/main.tf.json")).unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["variable"]["environment_suffix"]["default"], "staging");
    assert_eq!(document["variable"]["region"]["default"], "eu-west-1");
    assert_eq!(document["resource"]["aws_lambda_function"]["ingestion"]["architectures"][0], "arm64");
    assert_eq!(document["terraform"]["backend"]["s3"]["key"], "x/staging/eu-west-1/terraform.tfstate");
    assert_eq!(document["terraform"]["backend"]["s3"]["use_lockfile"], true);
}

#[test]
fn a_second_synthesis_writes_the_same_bytes() {
    let folder = folder_with_zips(X86_64);
    let written = || {
        assert!(synth(folder.path(), &[]).status.success());
        fs::read(folder.path().join("out/main.tf.json")).unwrap()
    };
    assert_eq!(written(), written());
}

#[test]
fn a_missing_zip_is_named_with_the_command_that_makes_it() {
    let folder = folder_with_zips(X86_64);
    fs::remove_file(folder.path().join("out/processing.zip")).unwrap();
    let error = failure(folder.path(), &[]);
    assert!(error.contains("out/processing.zip: not found") && error.contains("./just build"), "{error}");
}

/// Puts a `just` into the folder, as in a checkout, that notes how it is called and then does `what`.
fn add_build(folder: &Path, what: &str) {
    let program = folder.join("just");
    let text = format!("#!/bin/sh\necho \"$@\" > called\necho words of the build\n{what}\n");
    fs::write(&program, text).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn in_a_checkout_functions_that_are_missing_are_built_and_that_is_said() {
    let (folder, built) = (folder_with_zips(X86_64), folder_with_zips(X86_64));
    fs::remove_file(folder.path().join("out/processing.zip")).unwrap();
    let built = built.path().join("out");
    add_build(folder.path(), &format!("cp {}/*.zip out/", built.display()));
    let output = synth(folder.path(), &[]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{error}");
    assert!(
        error.contains("no functions in out yet; building them") && error.contains("words of the build"),
        "{error}"
    );
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("out/main.tf.json: "), "{text}");
    let called = fs::read_to_string(folder.path().join("called")).unwrap();
    assert_eq!(called, "build --x86-64 --out out\n");
}

#[test]
fn in_a_checkout_functions_for_another_processor_are_built_for_this_one() {
    let (folder, built) = (folder_with_zips(X86_64), folder_with_zips(AARCH64));
    let built = built.path().join("out");
    add_build(folder.path(), &format!("cp {}/*.zip out/", built.display()));
    let output = synth(folder.path(), &["--architecture", "arm64"]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{error}");
    assert!(error.contains("building them for arm64"), "{error}");
}

#[test]
fn a_build_that_fails_writes_no_document() {
    let folder = folder_with_zips(X86_64);
    fs::remove_file(folder.path().join("out/ingestion.zip")).unwrap();
    add_build(folder.path(), "exit 3");
    let output = synth(folder.path(), &[]);
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("error: the functions were not built"), "{error}");
    assert!(!folder.path().join("out/main.tf.json").exists());
}

#[test]
fn functions_that_are_there_are_not_built_again_and_older_ones_are_noted() {
    let folder = folder_with_zips(X86_64);
    add_build(folder.path(), "exit 3");
    fs::create_dir_all(folder.path().join("lambdas/src")).unwrap();
    let source = fs::File::create(folder.path().join("lambdas/src/new.rs")).unwrap();
    let noted = |seconds: u64| {
        source.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds)).unwrap();
        let output = synth(folder.path(), &[]);
        assert!(output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    assert_eq!(noted(0), "");
    assert_eq!(
        noted(10_000_000_000),
        "note: lambdas/src/new.rs is newer than the functions in out; ./just build brings them up to date\n"
    );
    assert!(!folder.path().join("called").exists());
}

#[test]
fn a_binary_for_another_processor_is_refused_with_both_remedies() {
    let folder = folder_with_zips(AARCH64);
    let error = failure(folder.path(), &[]);
    assert!(error.contains("built for arm64") && error.contains("configured for x86_64"), "{error}");
    assert!(error.contains("--architecture arm64"), "{error}");
}

#[test]
fn a_zip_that_lambda_could_not_start_is_refused() {
    for (file, mode, content, what) in [
        ("main", 0o755, elf(X86_64), "no file `bootstrap`"),
        ("bootstrap", 0o644, elf(X86_64), "not executable"),
        ("bootstrap", 0o755, b"#!/bin/sh\necho this is a script\n".to_vec(), "no ELF header"),
        ("bootstrap", 0o755, b"x".to_vec(), "shorter than an ELF header"),
        ("bootstrap", 0o755, elf(40), "ELF machine 40"),
    ] {
        let folder = folder_with_zips(X86_64);
        write_zip(&folder.path().join("out/ingestion.zip"), file, mode, &content);
        let error = failure(folder.path(), &[]);
        assert!(error.contains(what) && error.contains("ingestion.zip"), "{error}");
    }
}

#[test]
fn a_file_that_is_no_zip_is_refused() {
    let folder = folder_with_zips(X86_64);
    fs::write(folder.path().join("out/ingestion.zip"), "nonsense").unwrap();
    assert!(failure(folder.path(), &[]).contains("not a zip file"));
}

#[test]
fn an_unknown_provider_in_hookline_toml_is_refused() {
    let folder = folder_with_zips(X86_64);
    fs::write(folder.path().join("hookline.toml"), "[providers.strip]\n").unwrap();
    let error = failure(folder.path(), &[]);
    assert!(error.contains("hookline.toml") && error.contains("did you mean `stripe`?"), "{error}");
}

#[test]
fn a_malformed_suffix_is_refused() {
    let folder = folder_with_zips(X86_64);
    for suffix in ["Dev", "dev-", "a_b"] {
        let error = failure(folder.path(), &["--environment-suffix", suffix]);
        assert!(error.contains("is not an environment suffix"), "{error}");
    }
}

#[test]
fn a_configuration_file_that_is_missing_is_named() {
    let folder = folder_with_zips(X86_64);
    assert!(failure(folder.path(), &["--config", "other.toml"]).contains("other.toml: cannot be read"));
}

#[test]
fn a_folder_that_cannot_be_written_is_named_and_keeps_what_it_held() {
    let folder = folder_with_zips(X86_64);
    let out = folder.path().join("out");
    assert!(synth(folder.path(), &[]).status.success());
    let before = fs::read(out.join("main.tf.json")).unwrap();
    fs::set_permissions(&out, fs::Permissions::from_mode(0o555)).unwrap();
    let unwritable = fs::write(out.join("probe"), "").is_err();
    // The super-user may write anywhere; a file in the folder's place stops even that one.
    if !unwritable {
        fs::set_permissions(&out, fs::Permissions::from_mode(0o755)).unwrap();
        fs::remove_file(out.join("probe")).unwrap();
        fs::remove_file(out.join("main.tf.json")).unwrap();
        fs::create_dir(out.join("main.tf.json")).unwrap();
    }
    let output = synth(folder.path(), &["--environment-suffix", "other"]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains("out"), "{error}");
    if unwritable {
        assert_eq!(fs::read(out.join("main.tf.json")).unwrap(), before);
    }
    fs::set_permissions(&out, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn help_explains_every_option() {
    let output = synth(Path::new("."), &["--help"]);
    let text = String::from_utf8(output.stdout).unwrap();
    for option in ["--environment-suffix", "--region", "--architecture", "--config", "--backend", "--out"] {
        assert!(text.contains(option), "{text}");
    }
}

/// A state as Terraform writes it: what `kind.name` says of itself.
fn write_state(file: &Path, kind: &str, name: &str, attributes: &serde_json::Value) {
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    let state = serde_json::json!({"version": 4, "resources": [
        {"mode": "managed", "type": kind, "name": name, "instances": [{"attributes": attributes}]},
    ]});
    fs::write(file, state.to_string()).unwrap();
}

fn guard(suffix: &str, region: &str) -> serde_json::Value {
    serde_json::json!({"output": {"value": {"environment_suffix": suffix, "region": region}}})
}

#[test]
fn a_state_of_another_environment_or_region_is_not_written_over() {
    let folder = folder_with_zips(X86_64);
    let out = folder.path().join("out");
    write_state(&out.join("terraform.tfstate"), "terraform_data", "environment", &guard("staging", "us-east-1"));
    for arguments in [&[][..], &["--environment-suffix", "staging", "--region", "eu-west-1"]] {
        let error = failure(folder.path(), arguments);
        assert!(
            error.contains("holds the environment `staging` in `us-east-1`")
                && error.contains("--environment-suffix staging --region us-east-1")
                && error.contains("workspace new NAME"),
            "{error}"
        );
    }
    // Terraform would not use that state with a backend elsewhere, nor from another workspace.
    let remote = synth(folder.path(), &["--backend", "s3://states"]);
    assert!(remote.status.success());
    fs::create_dir(out.join(".terraform")).unwrap();
    fs::write(out.join(".terraform/environment"), "dev").unwrap();
    assert!(synth(folder.path(), &[]).status.success());
    write_state(
        &out.join("terraform.tfstate.d/dev/terraform.tfstate"),
        "terraform_data",
        "environment",
        &guard("dev", "us-east-1"),
    );
    assert!(synth(folder.path(), &[]).status.success());
    fs::remove_file(out.join("main.tf.json")).unwrap();
    failure(folder.path(), &["--environment-suffix", "staging"]);
}

#[test]
fn a_deployment_whose_bucket_would_be_replaced_is_not_written_over() {
    let folder = folder_with_zips(X86_64);
    let state = folder.path().join("out/terraform.tfstate");
    let bucket = |name: &str| serde_json::json!({ "bucket": name });
    write_state(&state, "aws_s3_bucket", "payloads", &bucket("webhook-payloads-123456789012-dev"));
    let error = failure(folder.path(), &[]);
    assert!(error.contains("webhook-payloads-123456789012-dev") && error.contains("earlier version"), "{error}");
    // An apply that ended before the guard was there is gone on with.
    write_state(&state, "aws_s3_bucket", "payloads", &bucket("webhook-raw-123456789012-us-east-1-dev"));
    assert!(synth(folder.path(), &[]).status.success());
}

#[test]
fn a_state_that_cannot_be_read_is_named_and_an_emptied_one_is_no_state() {
    let folder = folder_with_zips(X86_64);
    let state = folder.path().join("out/terraform.tfstate");
    fs::write(&state, "{").unwrap();
    let error = failure(folder.path(), &[]);
    assert!(error.contains("terraform.tfstate"), "{error}");
    fs::write(&state, r#"{"version":4,"resources":[]}"#).unwrap();
    assert!(synth(folder.path(), &[]).status.success());
}
