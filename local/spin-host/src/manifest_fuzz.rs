//! Mutation fuzzing of the reader of spin.toml: random changes to the files in `tests/manifests`, not guided by what they
//! reach in the code. FUZZ_RUNS makes it longer, FUZZ_SEED another one.

use super::Manifest;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/manifests");

/// What has a meaning in TOML or in a manifest.
const TOKENS: &[&str] = &[
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    "=",
    ".",
    ",",
    "\"",
    "'",
    "\"\"\"",
    "\n",
    "\r",
    "#",
    "\\",
    "\\u0000",
    "\u{feff}",
    "é",
    "😀",
    "{{ ",
    " }}",
    "true",
    "0",
    "-1",
    "1e400",
    "99999999999999999999",
    "nan",
    "1979-05-27T07:32:00Z",
    "[component.inner]\n",
    "[[trigger.http]]\n",
    "route",
    "private",
    "command",
    "required",
    "default",
];

#[test]
fn reads_a_manifest_whole_or_says_what_is_wrong_with_it() {
    let corpus = corpus();
    let mut random = Random(number("FUZZ_SEED", 1));
    for _ in 0..number("FUZZ_RUNS", 3000) {
        let text = mutated(&corpus, &mut random);
        match Manifest::parse(&text) {
            Ok(mut manifest) => {
                let known = |id: &String| manifest.components.contains_key(id);
                assert!(
                    manifest
                        .triggers
                        .http
                        .iter()
                        .all(|trigger| known(&trigger.component)),
                    "{text}"
                );
                for build in manifest
                    .components
                    .values()
                    .filter_map(|component| component.build.as_ref())
                {
                    build.command_line();
                }
                let first: Vec<String> = manifest.components.keys().take(1).cloned().collect();
                manifest.retain(&first).unwrap();
            }
            Err(error) => assert!(!format!("{error:#}").is_empty(), "{text}"),
        }
    }
}

fn corpus() -> Vec<String> {
    let mut paths: Vec<_> = std::fs::read_dir(FOLDER)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

/// A text of the corpus after up to six changes; what is no UTF-8 any more becomes replacement characters.
fn mutated(corpus: &[String], random: &mut Random) -> String {
    let mut bytes = random.one_of(corpus).clone().into_bytes();
    for _ in 0..random.below(7) {
        let start = random.below(bytes.len() + 1);
        let end = bytes.len().min(start + random.below(12));
        let other = random.one_of(corpus).as_bytes();
        let from = random.below(other.len());
        let added = match random.below(3) {
            0 => random.one_of(TOKENS).as_bytes(),
            1 => &other[from..other.len().min(from + random.below(40))],
            _ => &[],
        };
        bytes.splice(start..end, added.iter().copied());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// SplitMix64: enough to choose changes, and the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }

    fn one_of<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}
