package store

import (
	"regexp"
	"strings"
	"sync"
)

// mismatch is how the decoder says that a value is of another kind than its key takes, in
// words of the language that this program is written in.
var mismatch = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^cannot (?:decode TOML ([a-z ]+) into (?:struct field \S+ of type )?|store (?:a|an) ((?:array )?table) in an? )(\S+)$`)
})

// inWords is a reason of the decoder as users of config.toml understand it.
func inWords(reason string) string {
	found := mismatch().FindStringSubmatch(reason)
	if found == nil {
		return reason
	}
	is := found[1] + found[2]
	return "must be " + wanted(found[3]) + ", and is " + given(is)
}

// wanted is what a key takes, by the type of what holds it.
func wanted(kind string) string {
	switch {
	case kind == "string":
		return `a text in quotes, e.g. "x"`
	case kind == "bool":
		return "true or false, without quotes"
	case kind == "float64":
		return "a number, without quotes"
	case strings.HasPrefix(kind, "int"):
		return "a whole number, without quotes"
	case kind == "[]string":
		return `a list of texts, e.g. ["x", "y"]`
	case strings.HasPrefix(kind, "[]"), kind == "slice":
		return "a list of tables"
	}
	return "a table"
}

// given is what stands there instead.
func given(kind string) string {
	switch kind {
	case "string":
		return "a text"
	case "integer":
		return "a whole number"
	case "float":
		return "a number with a point"
	case "boolean":
		return "true or false"
	case "array":
		return "a list"
	case "table", "inline table", "array table":
		return "a table"
	}
	return "a date or a time"
}
