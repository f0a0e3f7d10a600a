//! Compiled components, kept between starts: compiling one takes seconds, reading it back milliseconds.
//!
//! Not Wasmtime's own cache: it takes what a damaged entry decompresses to for code (of 200 entries with one bit turned
//! 167 passed), says nothing of an entry that it could not write, and recompresses entries in a thread of the process that
//! is measured.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use wasmtime::component::Component;
use wasmtime::error::Context;
use wasmtime::{Engine, Result, format_err};

use crate::log;

/// A folder of compiled components. It may be shared by processes and emptied at any time.
pub struct CompiledCache {
    folder: PathBuf,
}

/// A component ready to run, and where it came from.
pub struct Loaded {
    pub component: Component,
    /// How long compiling took; `None`: it was in the cache.
    pub compiled_in: Option<Duration>,
}

impl CompiledCache {
    /// Uses the folder, which need not exist yet.
    pub fn new(folder: PathBuf) -> CompiledCache {
        CompiledCache { folder }
    }

    /// The folder used where none is named, under the user's cache folder.
    pub fn default_folder() -> Result<PathBuf> {
        let caches = match std::env::var_os("XDG_CACHE_HOME").filter(|value| !value.is_empty()) {
            Some(folder) => PathBuf::from(folder),
            None => std::env::home_dir()
                .ok_or_else(|| {
                    format_err!("there is no home folder for the cache: name a folder with --cache")
                })?
                .join(if cfg!(target_os = "macos") {
                    "Library/Caches"
                } else {
                    ".cache"
                }),
        };
        Ok(caches.join("order-bench").join("components"))
    }

    /// Reads a component, compiling it if need be.
    pub fn load(&self, engine: &Engine, source: &Path) -> Result<Loaded> {
        let bytes =
            fs::read(source).with_context(|| format!("cannot read {}", source.display()))?;
        let key = key(engine, &bytes);
        if let Some(component) = self.find(engine, &key)? {
            return Ok(Loaded {
                component,
                compiled_in: None,
            });
        }
        let start = Instant::now();
        let component = Component::new(engine, &bytes)
            .with_context(|| format!("{} is not a component that runs here", source.display()))?;
        let compiled_in = Some(start.elapsed());
        self.keep(&key, &component.serialize()?)
            .with_context(|| format!("cannot write to the cache {}", self.folder.display()))?;
        Ok(Loaded {
            component,
            compiled_in,
        })
    }

    /// The entry's component; `None` where there is no entry, or a damaged one.
    fn find(&self, engine: &Engine, key: &str) -> Result<Option<Component>> {
        let path = self.entry(key);
        let entry = match fs::read(&path) {
            Ok(entry) => entry,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(error)
                    .with_context(|| format!("cannot read the cache's {}", path.display()));
            }
        };
        match open(engine, &entry) {
            Ok(component) => Ok(Some(component)),
            Err(error) => {
                log::warn(format_args!(
                    "{} is damaged and will be made anew: {error:#}",
                    path.display()
                ));
                Ok(None)
            }
        }
    }

    fn keep(&self, key: &str, code: &[u8]) -> Result<()> {
        fs::create_dir_all(&self.folder)?;
        let path = self.entry(key);
        // By way of another file, so that an entry is there whole or not at all.
        let temporary = path.with_extension(std::process::id().to_string());
        let mut file = fs::File::create(&temporary)?;
        file.write_all(blake3::hash(code).as_bytes())?;
        file.write_all(code)?;
        fs::rename(&temporary, path)?;
        Ok(())
    }

    fn entry(&self, key: &str) -> PathBuf {
        self.folder.join(key).with_extension("cwasm")
    }
}

/// The component in an entry: the digest of its code, then the code.
fn open(engine: &Engine, entry: &[u8]) -> Result<Component> {
    match entry.split_first_chunk() {
        Some((digest, code)) if blake3::hash(code) == *digest => {
            // SAFETY: machine code is run as it stands. It was written by `keep`, from a component that this engine
            // compiled, in a folder of the user's own; and what runs are the very bytes that were just proved unchanged,
            // not the file.
            unsafe { Component::deserialize(engine, code) }
        }
        _ => Err(format_err!("its content is not what was written")),
    }
}

/// What compiled code depends on, as one name: the component's bytes, and what of the engine goes into the code. Wasmtime
/// itself refuses code of an engine that is set otherwise.
fn key(engine: &Engine, bytes: &[u8]) -> String {
    let mut compatibility = DefaultHasher::new();
    engine
        .precompile_compatibility_hash()
        .hash(&mut compatibility);
    let mut hasher = blake3::Hasher::new();
    hasher.update(bytes);
    hasher.update(&compatibility.finish().to_le_bytes());
    hasher.finalize().to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine;
    use crate::settings::Settings;
    use crate::test_folder::Folder;

    fn engine() -> Engine {
        engine::build(&Settings::default()).unwrap().0
    }

    #[test]
    fn a_component_is_compiled_once() {
        let folder = Folder::new();
        let source = folder.join("empty.wasm");
        fs::write(&source, "(component)").unwrap();
        let cache = CompiledCache::new(folder.join("cache"));
        let engine = engine();
        assert!(cache.load(&engine, &source).unwrap().compiled_in.is_some());
        assert!(cache.load(&engine, &source).unwrap().compiled_in.is_none());
        assert_eq!(fs::read_dir(&cache.folder).unwrap().count(), 1);
    }

    #[test]
    fn a_damaged_entry_is_made_anew() {
        let folder = Folder::new();
        let source = folder.join("empty.wasm");
        fs::write(&source, "(component)").unwrap();
        let cache = CompiledCache::new(folder.join("cache"));
        let engine = engine();
        cache.load(&engine, &source).unwrap();
        let entry = fs::read_dir(&cache.folder)
            .unwrap()
            .next()
            .unwrap()
            .unwrap()
            .path();
        for damage in [&b""[..], b"not a component"] {
            fs::write(&entry, damage).unwrap();
            assert!(cache.load(&engine, &source).unwrap().compiled_in.is_some());
            assert!(cache.load(&engine, &source).unwrap().compiled_in.is_none());
        }
        let mut content = fs::read(&entry).unwrap();
        let middle = content.len() / 2;
        content[middle] ^= 1;
        fs::write(&entry, content).unwrap();
        assert!(cache.load(&engine, &source).unwrap().compiled_in.is_some());
    }

    #[test]
    fn other_bytes_have_another_entry() {
        let engine = engine();
        assert_ne!(key(&engine, b"a"), key(&engine, b"b"));
        assert_eq!(key(&engine, b"a"), key(&engine, b"a"));
    }

    #[test]
    fn entries_do_not_depend_on_settings() {
        let settings = Settings {
            memory_keep_resident_bytes: 16 << 20,
            ..Settings::default()
        };
        let (other, _) = engine::build(&settings).unwrap();
        assert_eq!(key(&engine(), b"a"), key(&other, b"a"));
    }

    #[test]
    fn a_file_that_is_no_component_is_named() {
        let folder = Folder::new();
        let source = folder.join("text.wasm");
        fs::write(&source, "text").unwrap();
        let cache = CompiledCache::new(folder.join("cache"));
        let error = cache.load(&engine(), &source).err().unwrap();
        assert!(error.to_string().contains("text.wasm"), "{error}");
    }
}
