package store

import (
	"fmt"
	"slices"
	"strings"
)

// Command is a command of the user's own, which a key or the palette of the full-screen
// program runs.
type Command struct {
	Name  string   `toml:"name"`
	Key   string   `toml:"key"`   // "" = only the palette finds it
	View  string   `toml:"view"`  // the name of a view in small letters, or everywhere; "" = instances
	Run   string   `toml:"run"`   // the program and its arguments; {id} and the like are replaced within an argument
	Shell bool     `toml:"shell"` // run is a script for sh; values are in $VASTDECK_ID and the like
	Ask   []Prompt `toml:"ask"`
	Sure  bool     `toml:"confirm"` // it is asked about before it runs
	Mode  string   `toml:"mode"`    // background: what it prints is shown; exec: it has the terminal. "" = background
	Env   []string `toml:"env"`     // names of variables of the program that it has besides the usual ones
}

// Prompt is something that is asked before a command runs.
type Prompt struct {
	Name  string `toml:"name"` // of the value, {name} in the command
	Label string `toml:"label"`
	Value string `toml:"value"` // what stands there at first
}

// secretVariable is never passed on.
const secretVariable = "VAST_API_KEY"

// Words are the program and its arguments, split at spaces outside of quotes.
func (c Command) Words() []string {
	words, _ := splitCommand(c.Run)
	return words
}

// CommandEnv are the variables, as NAME=value, that a command of the user's own has:
// what programs need to find their files, agents and terminal, and those that are named
// besides. The API key is never among them.
func CommandEnv(getenv func(string) string, names []string) []string {
	env := allowedEnv(getenv)
	for _, name := range names {
		if value := getenv(name); value != "" && !strings.EqualFold(name, secretVariable) && !slices.Contains(commandEnv, name) {
			env = append(env, name+"="+value)
		}
	}
	return env
}

// placeName reports whether a name can stand in braces and in a variable's name.
func placeName(name string) bool {
	for n, r := range name {
		if !(r >= 'a' && r <= 'z' || r == '_' || n > 0 && r >= '0' && r <= '9') {
			return false
		}
	}
	return name != "" && len(name) <= 40
}

// commandProblems checks what the types alone do not. known are the names that every
// command may have in braces.
func (s Settings) commandProblems(check func(ok bool, key, reason string)) {
	names := map[string]bool{}
	for n, c := range s.Commands {
		at := fmt.Sprintf("commands[%d]", n+1)
		check(c.Name != "" && len(c.Name) <= 60, at+".name", "must name the command in at most 60 letters")
		check(!names[c.Name], at+".name", "another command has this name")
		names[c.Name] = true
		check(slices.Contains([]string{"", "background", "exec"}, c.Mode), at+".mode", "must be background or exec")
		for _, name := range c.Env {
			check(!strings.EqualFold(name, secretVariable), at+".env", "the API key is never passed to a command")
			check(name != "" && !strings.ContainsAny(name, "=\x00"), at+".env", "must be names of variables")
		}
		for _, p := range c.Ask {
			check(placeName(p.Name), at+".ask", "a name has small letters, digits and _")
		}
		c.runProblems(at+".run", check)
	}
}

func (c Command) runProblems(at string, check func(ok bool, key, reason string)) {
	words, err := splitCommand(c.Run)
	switch {
	case c.Shell:
		check(strings.TrimSpace(c.Run) != "", at, "must be a script for sh")
	case err != nil:
		check(false, at, "a quote is not closed, or no program is named")
	default:
		check(!strings.ContainsAny(words[0], "{}"), at, "the program itself must stand there, not a value")
	}
}

// Places are the names in braces in a command, in their order; {{ is a brace itself. It
// is false when a brace is not closed. A script has none: its values are variables.
func (c Command) Places() (names []string, ok bool) {
	if c.Shell {
		return nil, true
	}
	rest := strings.NewReplacer("{{", "", "}}", "").Replace(c.Run)
	for {
		_, after, open := strings.Cut(rest, "{")
		if !open {
			return names, !strings.Contains(rest, "}")
		}
		name, behind, closed := strings.Cut(after, "}")
		if !closed || !placeName(name) {
			return names, false
		}
		names, rest = append(names, name), behind
	}
}
