//! Application variables: where their values come from, and `{{ name }}` templates over them.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use wasmtime::error::Context;
use wasmtime::{Result, bail, ensure, format_err};

use crate::manifest::Variable;

const PREFIX: &str = "SPIN_VARIABLE_";

/// The sources of values beside the manifest's defaults, strongest first: the command line, the environment, `.env`.
#[derive(Debug, Default)]
pub struct Sources {
    pub arguments: HashMap<String, String>,
    pub environment: HashMap<String, String>,
    pub dotenv: HashMap<String, String>,
}

/// The values of an application's variables.
#[derive(Debug)]
pub struct Variables(HashMap<String, String>);

impl Sources {
    /// Collects the `--variable name=value` arguments, this process's environment, and `.env` of the folder.
    pub fn collect(arguments: &[String], folder: &Path) -> Result<Sources> {
        let arguments = arguments
            .iter()
            .map(|argument| parse_argument(argument))
            .collect::<Result<_>>()?;
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            .filter(|(name, _)| name.starts_with(PREFIX))
            .map(|(name, value)| match value.into_string() {
                Ok(value) => Ok((name, value)),
                Err(_) => Err(format_err!("{name} in the environment is not UTF-8")),
            })
            .collect::<Result<_>>()?;
        let dotenv = read_dotenv(&folder.join(".env"))?;
        Ok(Sources {
            arguments,
            environment,
            dotenv,
        })
    }

    fn value_of(&self, name: &str) -> Option<&String> {
        let key = format!("{PREFIX}{}", name.to_ascii_uppercase());
        self.arguments
            .get(name)
            .or_else(|| self.environment.get(&key))
            .or_else(|| self.dotenv.get(&key))
    }
}

impl Variables {
    /// Gives each declared variable its value; the error lists every required one that has none.
    pub fn resolve(declared: &BTreeMap<String, Variable>, sources: &Sources) -> Result<Variables> {
        if let Some(name) = sources
            .arguments
            .keys()
            .find(|n| !declared.contains_key(*n))
        {
            bail!("--variable {name}=...: the manifest declares no variable {name:?}");
        }
        let mut values = HashMap::new();
        let mut missing = Vec::new();
        for (name, variable) in declared {
            ensure!(is_name(name), "variables.{name}: {NAME_RULE}");
            match sources.value_of(name).or(variable.default.as_ref()) {
                Some(value) => {
                    values.insert(name.clone(), value.clone());
                }
                None => missing.push(format!("{PREFIX}{}", name.to_ascii_uppercase())),
            }
        }
        ensure!(
            missing.is_empty(),
            "required variables have no value: set {} in the environment",
            missing.join(", ")
        );
        Ok(Variables(values))
    }

    /// Replaces each `{{ name }}` by the variable's value.
    pub fn expand(&self, template: &str) -> Result<String> {
        let mut expanded = String::with_capacity(template.len());
        let mut rest = template;
        while let Some((literal, tail)) = rest.split_once("{{") {
            let (name, tail) = tail
                .split_once("}}")
                .ok_or_else(|| format_err!("{template:?} has a {{{{ without its }}}}"))?;
            let name = name.trim();
            let value = self.0.get(name).ok_or_else(|| {
                format_err!("{template:?} names {name:?}, which [variables] does not declare")
            })?;
            expanded.push_str(literal);
            expanded.push_str(value);
            rest = tail;
        }
        expanded.push_str(rest);
        Ok(expanded)
    }
}

/// What a variable may be called, for messages.
pub const NAME_RULE: &str =
    "a name is lower-case letters, digits and single underscores between them, a letter first";

/// Whether `NAME_RULE` holds.
pub fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !name.contains("__")
        && !name.ends_with('_')
}

fn parse_argument(argument: &str) -> Result<(String, String)> {
    match argument.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.starts_with('@') => {
            Ok((name.into(), value.into()))
        }
        _ => bail!(
            "--variable {argument}: this host takes name=value; values from files (@) it does not"
        ),
    }
}

fn read_dotenv(path: &Path) -> Result<HashMap<String, String>> {
    if !path.exists() {
        return Ok(HashMap::new());
    }
    dotenvy::from_path_iter(path)
        .and_then(Iterator::collect::<dotenvy::Result<_>>)
        .with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_folder::Folder;

    fn declared() -> BTreeMap<String, Variable> {
        let with_default = toml::from_str("default = \"d\"").unwrap();
        let required = toml::from_str("required = true").unwrap();
        BTreeMap::from([
            ("dapr_url".into(), with_default),
            ("token".into(), required),
        ])
    }

    fn map(entries: &[(&str, &str)]) -> HashMap<String, String> {
        entries
            .iter()
            .map(|(k, v)| ((*k).into(), (*v).into()))
            .collect()
    }

    #[test]
    fn the_command_line_wins_over_the_environment_over_dotenv_over_the_default() {
        let mut sources = Sources {
            arguments: map(&[("token", "t")]),
            ..Sources::default()
        };
        let value = |sources: &Sources| {
            Variables::resolve(&declared(), sources)
                .unwrap()
                .expand("{{ dapr_url }}")
                .unwrap()
        };
        assert_eq!(value(&sources), "d");
        sources.dotenv = map(&[("SPIN_VARIABLE_DAPR_URL", "dotenv")]);
        assert_eq!(value(&sources), "dotenv");
        sources.environment = map(&[("SPIN_VARIABLE_DAPR_URL", "environment")]);
        assert_eq!(value(&sources), "environment");
        sources.arguments = map(&[("token", "t"), ("dapr_url", "argument")]);
        assert_eq!(value(&sources), "argument");
    }

    #[test]
    fn a_required_variable_without_a_value_is_named_with_what_to_set() {
        let error = Variables::resolve(&declared(), &Sources::default()).unwrap_err();
        assert!(error.to_string().contains("SPIN_VARIABLE_TOKEN"));
    }

    #[test]
    fn an_argument_for_no_variable_is_refused() {
        let sources = Sources {
            arguments: map(&[("tokn", "t")]),
            ..Sources::default()
        };
        let error = Variables::resolve(&declared(), &sources).unwrap_err();
        assert!(error.to_string().contains("tokn"));
        assert!(parse_argument("name").is_err());
        assert!(parse_argument("name=@file").is_err());
        assert_eq!(
            parse_argument("name=a=b").unwrap(),
            ("name".into(), "a=b".into())
        );
    }

    #[test]
    fn templates_are_expanded() {
        let variables = Variables(map(&[("a", "1"), ("b", "{{ a }}")]));
        assert_eq!(variables.expand("x{{a}}y{{ b }}z").unwrap(), "x1y{{ a }}z");
        assert_eq!(variables.expand("plain }}").unwrap(), "plain }}");
        assert!(variables.expand("{{ a").is_err());
        assert!(variables.expand("{{ c }}").is_err());
    }

    #[test]
    fn names_follow_the_rule() {
        for name in ["a", "dapr_url", "a1_b2"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "A", "1a", "_a", "a_", "a__b", "a-b"] {
            assert!(!is_name(name), "{name}");
        }
    }

    #[test]
    fn dotenv_is_read_where_it_is_there() {
        let folder = Folder::new();
        let path = folder.join(".env");
        assert!(read_dotenv(&path).unwrap().is_empty());
        std::fs::write(&path, "SPIN_VARIABLE_A=\"b c\"\n").unwrap();
        assert_eq!(
            read_dotenv(&path).unwrap(),
            map(&[("SPIN_VARIABLE_A", "b c")])
        );
    }
}
