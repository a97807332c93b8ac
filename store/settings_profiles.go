package store

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Profile is one account, or one server, of the user.
type Profile struct {
	KeyCommand string `toml:"key_command"` // in place of the general one
	URL        string `toml:"url"`         // base URL of the API; "" for the usual one
	Color      string `toml:"color"`       // of its chip in the header, see Colors; "" = none
}

// Colors are the colours that a profile can have.
func Colors() []string {
	return []string{"red", "orange", "yellow", "green", "cyan", "blue", "purple", "grey"}
}

// profileProblems checks the profiles.
func (s Settings) profileProblems(check func(ok bool, key, reason string)) {
	for _, name := range slices.Sorted(maps.Keys(s.Profiles)) {
		p := s.Profiles[name]
		key := "profiles." + name
		check(checkProfile(name) == nil, key, "a profile's name has 1 to 64 letters, digits, _ or -, begins with a letter or digit, and is not crash")
		check(isCommand(p.KeyCommand), key+".key_command", "a quote is not closed, or no program is named")
		check(isBaseURL(p.URL), key+".url", "must be https://… or http://… with a host, without user or password")
		check(p.Color == "" || slices.Contains(Colors(), p.Color), key+".color", "must be one of "+strings.Join(Colors(), ", "))
	}
}

// mostProfiles bounds how many profiles are listed.
const mostProfiles = 200

// ProfileNames lists the profiles that there are, sorted: those that the settings name, and those
// that have been used on this machine, which have a folder with a journal or a state. usual is
// listed in any case, and first.
func (p Paths) ProfileNames(s Settings, usual string) []string {
	names := map[string]bool{}
	for name := range s.Profiles {
		names[name] = true
	}
	entries, err := os.ReadDir(p.State)
	if err == nil { // a folder that cannot be read has nothing to switch to
		for _, e := range entries {
			if e.IsDir() && checkProfile(e.Name()) == nil && p.used(e.Name()) {
				names[e.Name()] = true
			}
		}
	}
	delete(names, usual)
	list := append([]string{usual}, slices.Sorted(maps.Keys(names))...)
	return list[:min(len(list), mostProfiles)]
}

// used reports whether a profile of that name has run here.
func (p Paths) used(name string) bool {
	for _, what := range []string{"journal", stateName} {
		if _, err := os.Lstat(filepath.Join(p.State, name, what)); err == nil {
			return true
		}
	}
	return false
}
