//! The built program, with guests of a few lines of WebAssembly text: each test starts a process and talks HTTP to it.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

/// An application of the guests named, each at `/<name>`, in a folder of its own.
struct Application {
    folder: PathBuf,
    manifest: String,
}

impl Application {
    fn new(test: &str, guests: &[&str]) -> Application {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        let mut manifest =
            String::from("spin_manifest_version = 2\n[application]\nname = \"test\"\n");
        for guest in guests {
            let file = format!("{guest}.wat");
            fs::write(folder.join(&file), component(guest)).unwrap();
            manifest.push_str(&format!(
                "[[trigger.http]]\nroute = \"/{guest}\"\ncomponent = \"{guest}\"\n\
                 [component.{guest}]\nsource = \"{file}\"\n"
            ));
        }
        Application { folder, manifest }
    }

    /// Adds lines to the manifest; they belong to the last guest until a new table begins.
    fn with(mut self, lines: &str) -> Application {
        self.manifest.push_str(lines);
        self.manifest.push('\n');
        self
    }

    fn command(&self, subcommand: &str, arguments: &[&str]) -> Command {
        fs::write(self.folder.join("spin.toml"), &self.manifest).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_spin-host"));
        command
            .current_dir(&self.folder)
            .env(
                "SPIN_HOST_CACHE",
                Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache"),
            )
            .arg(subcommand)
            .args(arguments);
        command
    }

    fn fails(&self, arguments: &[&str]) -> String {
        let output = self.command("up", arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        text(&output)
    }

    fn start(&self, arguments: &[&str]) -> Host {
        let mut command = self.command("up", &["--listen", "127.0.0.1:0"]);
        Host::start(command.args(arguments))
    }
}

/// A running host. Its log is kept line by line.
struct Host {
    process: Child,
    /// The line that it printed when it listened.
    greeting: String,
    address: String,
    log: Receiver<String>,
}

impl Host {
    fn start(command: &mut Command) -> Host {
        let mut process = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, log) = mpsc::channel();
        let stderr = BufReader::new(process.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in stderr.lines() {
                if sender.send(line.unwrap()).is_err() {
                    return;
                }
            }
        });
        let mut greeting = String::new();
        let mut stdout = BufReader::new(process.stdout.take().unwrap());
        stdout.read_line(&mut greeting).unwrap();
        let address = greeting
            .split_once("http://")
            .and_then(|(_, rest)| rest.split_once(": "))
            .unwrap_or_else(|| panic!("not the line that tells the address: {greeting:?}"))
            .0
            .to_string();
        Host {
            process,
            greeting,
            address,
            log,
        }
    }

    fn connect(&self) -> TcpStream {
        TcpStream::connect(&self.address).unwrap()
    }

    /// Status and body of the answer to GET.
    fn get(&self, path: &str) -> (u16, String) {
        self.exchange(&format!(
            "GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n"
        ))
    }

    fn exchange(&self, request: &str) -> (u16, String) {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        answer(stream)
    }

    /// Waits for a line of the log that has all the parts.
    fn logged(&self, parts: &[&str]) {
        let mut seen = Vec::new();
        while let Ok(line) = self.log.recv_timeout(Duration::from_secs(60)) {
            if parts.iter().all(|part| line.contains(part)) {
                return;
            }
            seen.push(line);
        }
        panic!("no line with {parts:?} in the log: {seen:#?}");
    }

    fn terminate(&self) {
        let id = self.process.id().to_string();
        assert!(Command::new("kill").arg(id).status().unwrap().success());
    }

    fn stopped(&mut self) -> ExitStatus {
        self.process.wait().unwrap()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn component(guest: &str) -> String {
    let guests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guests");
    let module = fs::read_to_string(guests.join(format!("{guest}.wat"))).unwrap();
    let wrapping = fs::read_to_string(guests.join("component.wat")).unwrap();
    let (before, after) = wrapping.split_once("\n  ;;GUEST\n").unwrap();
    format!("{before}\n{module}\n{after}")
}

fn answer(mut stream: TcpStream) -> (u16, String) {
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    let status = text
        .split(' ')
        .nth(1)
        .unwrap_or_else(|| panic!("not an answer: {text:?}"));
    let body = text.split_once("\r\n\r\n").unwrap().1;
    (status.parse().unwrap(), body.to_string())
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// An HTTP server that answers every request with 204.
fn peer() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let head = BufReader::new(stream.try_clone().unwrap()).lines();
            for line in head.map_while(Result::ok) {
                if line.is_empty() {
                    stream
                        .write_all(b"HTTP/1.1 204 No Content\r\n\r\n")
                        .unwrap();
                }
            }
        }
    });
    address
}

/// An HTTP server that answers every chunked POST with 204 and tells what each read from its connection brought.
fn reading_peer() -> (String, Receiver<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (sender, reads) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut brought: Vec<String> = Vec::new();
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = stream.read(&mut buffer) {
                brought.push(String::from_utf8(buffer[..length].to_vec()).unwrap());
                if brought.concat().ends_with("\r\n0\r\n\r\n") {
                    sender.send(std::mem::take(&mut brought)).unwrap();
                    let answer = b"HTTP/1.1 204 No Content\r\n\r\n";
                    stream.write_all(answer).unwrap();
                }
            }
        }
    });
    (address, reads)
}

const OK: (u16, &str) = (200, "");

#[track_caller]
fn assert_answer(got: (u16, String), expected: (u16, &str)) {
    assert_eq!((got.0, got.1.as_str()), expected);
}

#[test]
fn it_answers_health_and_404_by_itself() {
    let host = Application::new("own-answers", &["silent"]).start(&[]);
    assert_answer(host.get("/.well-known/spin/health"), (200, "OK"));
    assert_answer(host.get("/.well-known/spin/other"), (404, ""));
    assert_answer(host.get("/elsewhere"), (404, ""));
}

#[test]
fn a_trap_is_500_and_the_process_lives() {
    let host = Application::new("trap", &["trap", "read"]).start(&[]);
    for _ in 0..3 {
        assert_answer(host.get("/trap"), (500, ""));
    }
    host.logged(&["about to trap"]);
    host.logged(&["component \"trap\""]);
    assert_answer(host.get("/read"), OK);
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_behind_the_log_ends_nothing() {
    let application = Application::new("full-disk", &["trap", "read"]);
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let address = port.to_string();
    let full = || {
        fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap()
    };
    let mut command = application.command("up", &["--listen", &address]);
    let process = command.stdout(full()).stderr(full()).spawn().unwrap();
    let mut host = Host {
        process,
        greeting: String::new(),
        address,
        log: mpsc::channel().1,
    };
    while TcpStream::connect(&host.address).is_err() {
        assert_eq!(host.process.try_wait().unwrap(), None);
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_answer(host.get("/trap"), (500, ""));
    assert_answer(host.get("/read"), OK);
}

#[test]
fn a_guest_without_an_answer_is_500() {
    let host = Application::new("silent", &["silent"]).start(&[]);
    assert_answer(host.get("/silent"), (500, ""));
    host.logged(&["component \"silent\"", "without an answer"]);
}

#[test]
fn a_guest_that_computes_for_ever_is_504_and_does_not_hold_up_others() {
    let host = Application::new("loop", &["loop", "read"]).start(&[
        "--threads",
        "1",
        "--request-timeout-ms",
        "3000",
    ]);
    let mut looping = host.connect();
    looping
        .write_all(b"GET /loop HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        .unwrap();
    assert_answer(host.get("/read"), OK);
    assert_answer(answer(looping), (504, ""));
    host.logged(&["component \"loop\"", "longer"]);
    assert_answer(host.get("/read"), OK);
}

#[test]
fn a_guest_that_waits_too_long_is_504() {
    let host = Application::new("wait", &["wait"])
        .with("variables = { seconds = \"9\" }")
        .start(&["--request-timeout-ms", "200"]);
    assert_answer(host.get("/wait"), (504, ""));
    host.logged(&["component \"wait\"", "longer"]);
}

#[test]
fn a_body_over_the_limit_is_413_whether_or_not_its_length_is_stated() {
    let host = Application::new("limit", &["read"]).start(&["--max-body-bytes", "1000"]);
    let post = |headers: &str, body: &str| {
        host.exchange(&format!(
            "POST /read HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{headers}\r\n\r\n{body}"
        ))
    };
    let (fits, large) = ("x".repeat(1000), "x".repeat(100_000));
    assert_answer(post("content-length: 1000", &fits), OK);
    assert_answer(post("content-length: 100000", &large), (413, ""));
    let chunked = |body: &str| format!("{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    assert_answer(post("transfer-encoding: chunked", &chunked(&fits)), OK);
    assert_answer(
        post("transfer-encoding: chunked", &chunked(&large)),
        (413, ""),
    );
}

#[test]
fn a_guest_reaches_the_hosts_that_its_manifest_allows() {
    let peer = peer();
    let manifest = "variables = { target = \"{{ peer }}\" }\n\
                    allowed_outbound_hosts = [\"http://{{ peer }}\"]\n\
                    [variables]\npeer = { required = true }";
    let application = Application::new("allowed", &["call"]).with(manifest);
    let host = application.start(&["--variable", &format!("peer={peer}")]);
    for _ in 0..5 {
        assert_answer(host.get("/call"), OK);
    }
}

/// What a peer's reads brought of some POSTs of one host, one after the other.
fn reads_of_posts(test: &str, arguments: &[&str]) -> Vec<Vec<String>> {
    let (peer, reads) = reading_peer();
    let manifest = format!(
        "variables = {{ target = \"{peer}\" }}\nallowed_outbound_hosts = [\"http://{peer}\"]"
    );
    let host = Application::new(test, &["post"])
        .with(&manifest)
        .start(arguments);
    let post = |_| {
        assert_answer(host.get("/post"), OK);
        reads.recv().unwrap()
    };
    (0..5).map(post).collect()
}

const BODY: &str = "\r\n\r\n8\r\nthe body\r\n0\r\n\r\n";

#[test]
fn a_body_that_is_there_leaves_with_its_head() {
    // One thread: with more, the head may leave while the guest still writes its body.
    for reads in reads_of_posts("one-write", &["--threads", "1"]) {
        assert_eq!(reads.len(), 1, "{reads:#?}");
        assert!(reads[0].ends_with(BODY), "{reads:#?}");
    }
}

#[test]
fn where_a_stall_is_modelled_the_body_leaves_after_its_head() {
    let arguments = ["--threads", "1", "--model-stall", "1"];
    let posts = reads_of_posts("two-writes", &arguments);
    for reads in &posts {
        assert!(reads.concat().ends_with(BODY), "{reads:#?}");
    }
    // Not each: where this thread is kept waiting, one read brings what came in two pieces.
    let head_alone = |reads: &&Vec<String>| reads[0].ends_with("\r\n\r\n") && reads.len() > 1;
    assert!(posts.iter().any(|reads| head_alone(&reads)), "{posts:#?}");
}

#[test]
fn a_share_that_is_none_stops_the_start() {
    let application = Application::new("no-share", &["silent"]);
    for share in ["1.5", "-1", "NaN", "all"] {
        let share = format!("--model-stall={share}");
        let output = application.command("up", &[&share]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{output:?}");
    }
}

#[test]
fn a_guest_gets_no_more_memory_than_spins_variable_allows() {
    let application = Application::new("memory-limit", &["read"]);
    let start = |bytes: &str| {
        let mut command = application.command("up", &["--listen", "127.0.0.1:0"]);
        Host::start(command.env("SPIN_MAX_INSTANCE_MEMORY", bytes))
    };
    // Its memory begins with four pages of 64 KiB.
    assert_answer(start("262144").get("/read"), OK);
    let host = start("262143");
    assert_answer(host.get("/read"), (500, ""));
    host.logged(&["component \"read\"", "262144", "262143"]);
}

#[test]
fn a_denied_host_is_an_error_in_the_guest_and_a_line_to_add_in_the_log() {
    let host = Application::new("denied", &["call"])
        .with("variables = { target = \"127.0.0.1:9\" }")
        .start(&[]);
    assert_answer(host.get("/call"), (502, ""));
    host.logged(&[
        "[component.call]",
        "allowed_outbound_hosts = [\"http://127.0.0.1:9\"]",
    ]);
}

#[test]
fn a_refused_connection_is_an_error_in_the_guest() {
    // No program listens on the port of the long gone multiplexing service.
    let address = "127.0.0.1:1";
    let host = Application::new("refused", &["call"])
        .with(&format!(
            "variables = {{ target = \"{address}\" }}\nallowed_outbound_hosts = [\"http://127.0.0.1:*\"]"
        ))
        .start(&[]);
    assert_answer(host.get("/call"), (502, ""));
    host.logged(&["component \"call\"", address]);
}

#[test]
fn a_missing_required_variable_stops_the_start() {
    let application =
        Application::new("required", &["silent"]).with("[variables]\ntoken = { required = true }");
    assert!(application.fails(&[]).contains("SPIN_VARIABLE_TOKEN"));
    fs::write(application.folder.join(".env"), "SPIN_VARIABLE_TOKEN=t\n").unwrap();
    let host = application.start(&[]);
    assert_eq!(host.get("/.well-known/spin/health").0, 200);
}

#[test]
fn an_unknown_key_stops_the_start_and_is_named() {
    let error = Application::new("unknown-key", &["silent"])
        .with("key_value_stores = [\"default\"]")
        .fails(&[]);
    assert!(
        error.contains("component.silent.key_value_stores"),
        "{error}"
    );
}

#[test]
fn a_setting_of_spins_engine_that_has_no_effect_here_stops_the_start() {
    let application = Application::new("unknown-setting", &["silent"]);
    let output = application
        .command("up", &[])
        .env("SPIN_WASMTIME_POOLING", "0")
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(text(&output).contains("SPIN_WASMTIME_POOLING"));
}

#[test]
fn a_missing_source_says_how_to_build_it() {
    let application = Application::new("missing-source", &["silent"])
        .with("[component.silent.build]\ncommand = \"npm run build\"");
    fs::remove_file(application.folder.join("silent.wat")).unwrap_or_default();
    let error = application.fails(&[]);
    assert!(error.contains("npm run build"), "{error}");
}

#[test]
fn only_the_components_asked_for_are_served() {
    let host =
        Application::new("component-id", &["read", "trap"]).start(&["--component-id", "read"]);
    assert_answer(host.get("/read"), OK);
    assert_answer(host.get("/trap"), (404, ""));
}

#[test]
fn components_are_compiled_ahead_and_once() {
    let application = Application::new("compile", &["read"]);
    let cache = application.folder.join("cache");
    let compile = || {
        let output = application
            .command("compile", &["--cache", cache.to_str().unwrap()])
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        text(&output)
    };
    assert!(compile().contains("component \"read\": compiled in"));
    assert_eq!(compile(), "");
}

#[test]
fn instances_are_timed_one_by_one() {
    let application = Application::new("instantiate", &["read"]);
    let instantiate = |component: &str| {
        application
            .command(
                "instantiate",
                &["--component-id", component, "--count", "3"],
            )
            .output()
            .unwrap()
    };
    let output = instantiate("read");
    assert!(output.status.success(), "{output:?}");
    let times: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let times = times.as_array().unwrap();
    assert_eq!(times.len(), 3);
    for time in times {
        assert!(time["madeUs"].as_f64().unwrap() > 0.0, "{time}");
        assert!(time["givenBackUs"].as_f64().unwrap() > 0.0, "{time}");
    }
    let unknown = instantiate("elsewhere");
    assert_eq!(unknown.status.code(), Some(1));
    assert!(text(&unknown).contains("elsewhere"), "{unknown:?}");
}

#[test]
fn a_stop_finishes_what_has_begun() {
    let mut host = Application::new("stop", &["wait"])
        .with("variables = { seconds = \"1\" }")
        .start(&[]);
    let mut waiting = host.connect();
    waiting
        .write_all(b"GET /wait HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .unwrap();
    host.logged(&["waiting"]);
    host.terminate();
    assert_answer(answer(waiting), OK);
    assert!(host.stopped().success());
}

#[test]
fn a_stop_does_not_wait_for_idle_connections() {
    let mut host = Application::new("idle", &["silent"]).start(&[]);
    let mut idle = host.connect();
    idle.write_all(b"GET /elsewhere HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .unwrap();
    let mut byte = [0];
    idle.read_exact(&mut byte).unwrap();
    host.terminate();
    assert!(host.stopped().success());
    let log: Vec<String> = host.log.iter().collect();
    assert!(
        !log.iter().any(|line| line.contains("unanswered")),
        "{log:#?}"
    );
}

#[test]
fn it_says_what_it_is() {
    let application = Application::new("info", &["silent"]);
    let output = application.command("info", &["--json"]).output().unwrap();
    let info: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(info["host"], "spin-host");
    assert_eq!(info["settings"]["memoryKeepResidentBytes"], 2 << 20);
    let greeting = application
        .start(&["--model-stall", "0.5"])
        .greeting
        .clone();
    for part in [
        format!("wasmtime {}", info["wasmtimeVersion"].as_str().unwrap()),
        format!("allocator={} ", info["allocator"].as_str().unwrap()),
        "model-stall=0.5".to_string(),
    ] {
        assert!(greeting.contains(&part), "{greeting}");
    }
}

#[test]
fn refuses_what_is_sent_to_the_name_of_another_machine() {
    let host = Application::new("foreign-host", &["call"]).start(&[]);
    let status = |name: &str| {
        let request = format!(
            "GET /.well-known/spin/health HTTP/1.1\r\nhost: {name}\r\nconnection: close\r\n\r\n"
        );
        host.exchange(&request).0
    };
    assert_eq!(status("127.0.0.1:3000"), 200);
    assert_eq!(status("LOCALHOST"), 200);
    assert_eq!(status("evil.example"), 421);
    assert_eq!(status("127.0.0.1.evil.example:3000"), 421);
    assert_eq!(status("127.0.0.1:80@evil.example"), 421);
}
