package rental

import (
	"slices"
	"strings"

	"vastdeck/vastapi"
)

// kept is what the journal keeps of how a container was to be made. What may be
// secret is counted or named in Omits, never kept: variables, scripts, logins and
// arguments.
type kept struct {
	RunType  string   `json:"runtype,omitempty"`
	Template string   `json:"template,omitempty"` // its hash
	Flags    []string `json:"flags,omitempty"`    // docker flags: "-p 8080:8080"
	Omits    []string `json:"omits,omitempty"`    // what else was sent, in words
}

// What is kept of one request is bounded, so that a line of the journal stays one
// that is written at once.
const (
	maxKeptList = 80
	maxKeptText = 300 // bytes of one entry
)

func keptOfRent(c vastapi.CreateInstance) kept {
	k := kept{RunType: bounded(c.RunType), Template: bounded(c.Template)}
	k.keepEnv(c.Env)
	for _, part := range []struct {
		sent bool
		what string
	}{
		{c.OnStart != "" && RunType(c.RunType).Args(), "the entrypoint"},
		{c.OnStart != "" && !RunType(c.RunType).Args(), "the start script"},
		{len(c.Args) > 0, "the arguments"},
		{c.ImageLogin.Set(), "the registry login"},
		{c.Volume != nil, "the volume"},
		{c.User != "", "the docker user"},
		{c.JupyterLab || c.JupyterDir != "", "the settings of jupyter"},
	} {
		if part.sent {
			k.Omits = append(k.Omits, part.what)
		}
	}
	return k
}

func keptOfUpdate(c vastapi.UpdateInstance) kept {
	k := kept{Template: bounded(c.Template)}
	k.keepEnv(c.Env)
	if c.OnStart != "" {
		k.Omits = append(k.Omits, "the start script")
	}
	return k
}

// keepEnv keeps the flags, as many as are bounded.
func (k *kept) keepEnv(sent map[string]string) {
	var more bool
	k.Flags, more = boundedList(Env(sent).Flags())
	if more {
		k.Omits = append(k.Omits, "some of the docker flags")
	}
	names := slices.DeleteFunc(Env(sent).Names(), func(name string) bool { return name == opVariable })
	if len(names) > 0 {
		k.Omits = append(k.Omits, counted(len(names), "variable"))
	}
}

// env is the environment as far as it is kept: docker flags alone.
func (k kept) env() map[string]string {
	env := map[string]string{}
	for _, flag := range k.Flags {
		if host, is := strings.CutPrefix(flag, hostFlag+" "); is {
			env[hostFlag] = host
			continue
		}
		env[flag] = "1"
	}
	return env
}

// bounded is s, or nothing when it is longer than is kept.
func bounded(s string) string {
	if len(s) > maxKeptText {
		return ""
	}
	return s
}

// boundedList is the part of list that is kept; more reports whether that is not
// all of it.
func boundedList(list []string) (part []string, more bool) {
	for _, s := range list {
		if bounded(s) == "" || len(part) == maxKeptList {
			more = true
			continue
		}
		part = append(part, s)
	}
	return part, more
}
