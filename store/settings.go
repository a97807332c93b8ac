package store

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/pelletier/go-toml/v2"
)

// maxSettings is the largest config.toml that is read, in bytes.
const maxSettings = 1 << 20

// Settings is what the user has written into config.toml. The program never writes that file.
type Settings struct {
	Theme      string             `toml:"theme"`         // one of ThemeNames
	ASCII      bool               `toml:"ascii"`         // draw nothing beyond ASCII, except the user's own texts
	Mouse      bool               `toml:"mouse"`         // use the mouse
	FPS        int                `toml:"fps"`           // frames a second at most, 1 to 120
	ReadOnly   bool               `toml:"read_only"`     // refuse every change
	Delay      int                `toml:"destroy_delay"` // seconds in which a destroy can be taken back, 0 to 60
	KeyCommand string             `toml:"key_command"`   // prints the API key, e.g. "pass vast"
	Caps       Caps               `toml:"caps"`
	Budget     Budget             `toml:"budget"`
	Market     Market             `toml:"market"`
	SSH        SSH                `toml:"ssh"`
	Alerts     Alerts             `toml:"alerts"`
	Bids       Bids               `toml:"bids"`
	History    HistorySettings    `toml:"history"`
	Profiles   map[string]Profile `toml:"profiles"`
	Keys       map[string]any     `toml:"keys"`     // see KeyBindings
	Commands   []Command          `toml:"commands"` // the user's own

	// Places is where keys and commands stand; nil where there are none.
	Places *Places `toml:"-"`
}

// Caps are the limits above which spending needs more than a confirmation.
type Caps struct {
	PerAction   float64 `toml:"per_action"`   // USD per hour that one action may add
	Total       float64 `toml:"total"`        // USD per hour of everything that runs
	RunwayHours float64 `toml:"runway_hours"` // hours the credit must last after the action
}

// Market says how much of the market is loaded.
type Market struct {
	Limit int `toml:"limit"` // offers asked for at once
	Max   int `toml:"max"`   // offers loaded in all
}

// SSH says how instances are got into.
type SSH struct {
	Window   string `toml:"window"`   // here: the shell takes this terminal; tmux: a new window, inside tmux
	Way      string `toml:"way"`      // auto, direct or proxy
	Identity string `toml:"identity"` // path of the private key to use, ~/ at its beginning is the home folder; "" = what ssh would use
}

// HistorySettings say what is noted of the market over time.
type HistorySettings struct {
	Record bool `toml:"record"` // note prices, starts and credit
	Search bool `toml:"search"` // search for that every 10 minutes when nobody else does
}

// DefaultSettings returns the settings of a user without config.toml.
func DefaultSettings() Settings {
	return Settings{
		Theme:    "auto",
		Mouse:    true,
		FPS:      120,
		Delay:    5,
		Caps:     Caps{PerAction: 10, Total: 25, RunwayHours: 1},
		Market:   Market{Limit: 1000, Max: 5000},
		SSH:      SSH{Window: "here", Way: "auto"},
		Alerts:   Alerts{Desktop: "off", IdleAfter: 15, Mute: []string{}},
		Bids:     Bids{MostOver: 50},
		History:  HistorySettings{Record: true, Search: true},
		Profiles: map[string]Profile{},
		Keys:     map[string]any{},
		Commands: []Command{},
	}
}

// KeyCommandOf returns the key_command of the named profile, or the general one.
func (s Settings) KeyCommandOf(profile string) string {
	if own := s.Profiles[profile].KeyCommand; own != "" {
		return own
	}
	return s.KeyCommand
}

// SettingsError is one mistake in config.toml.
type SettingsError struct {
	Path         string
	Line, Column int    // from 1
	Key          string // the key, dotted; "" when the line is not TOML
	Reason       string // what is wrong and what is allowed; never the value, which may be a secret
}

// Error returns path:line:column and what is wrong there.
func (e *SettingsError) Error() string {
	at := fmt.Sprintf("%s:%d:%d: ", e.Path, e.Line, e.Column)
	if e.Key == "" {
		return at + e.Reason
	}
	return at + e.Key + ": " + e.Reason
}

// LoadSettings reads config.toml at path over the defaults. A missing file gives the defaults.
// Every mistake is an error, an unknown key too, since it would otherwise be a setting that
// silently does nothing; all are returned together, each an *SettingsError with line and column,
// beside the defaults.
func LoadSettings(path string) (Settings, error) {
	data, err := readSettings(path)
	if errors.Is(err, fs.ErrNotExist) {
		return DefaultSettings(), nil
	}
	if err != nil {
		return DefaultSettings(), fmt.Errorf("read the settings: %w", err)
	}
	settings, err := parseSettings(path, data)
	if err != nil {
		return DefaultSettings(), err
	}
	return settings, nil
}

// readSettings reads the user's file. It follows links: many keep their configuration elsewhere
// and link to it.
func readSettings(path string) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|noBlock, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: path, Err: errNotRegular}
	}
	return readLimited(f, path, maxSettings)
}

func parseSettings(path string, data []byte) (Settings, error) {
	s := DefaultSettings()
	err := toml.NewDecoder(strings.NewReader(string(data))).DisallowUnknownFields().Decode(&s)
	if err != nil {
		return s, tomlErrors(path, err)
	}
	at := keyPositions(data)
	if len(s.Keys)+len(s.Commands) > 0 {
		s.Places = &Places{path, at}
	}
	var wrong []error
	for _, p := range s.problems() {
		pos := nearestPlace(at, p.key)
		wrong = append(wrong, &SettingsError{Path: path, Line: pos.line, Column: pos.column, Key: p.key, Reason: p.reason})
	}
	return s, errors.Join(wrong...)
}

// tomlErrors turns the decoder's errors into ours. The decoder's own long form repeats the
// lines around the mistake; it is not used because a key may stand there.
func tomlErrors(path string, err error) error {
	var unknown *toml.StrictMissingError
	if errors.As(err, &unknown) {
		var all []error
		for i := range unknown.Errors {
			all = append(all, tomlError(path, &unknown.Errors[i], "unknown key"))
		}
		return errors.Join(all...)
	}
	var wrong *toml.DecodeError
	if errors.As(err, &wrong) {
		return tomlError(path, wrong, inWords(strings.TrimPrefix(wrong.Error(), "toml: ")))
	}
	return fmt.Errorf("read the settings: %s: %w", path, err)
}

func tomlError(path string, err *toml.DecodeError, reason string) error {
	line, column := err.Position()
	return &SettingsError{Path: path, Line: line, Column: column, Key: strings.Join(err.Key(), "."), Reason: reason}
}

// problem is a value that is not allowed.
type problem struct{ key, reason string }

// problems checks the values that the types alone do not.
func (s Settings) problems() []problem {
	var found []problem
	check := func(ok bool, key, reason string) {
		if !ok {
			found = append(found, problem{key, reason})
		}
	}
	check(KnownTheme(s.Theme), "theme", "must be one of "+strings.Join(ThemeNames(), ", "))
	check(s.FPS >= 1 && s.FPS <= 120, "fps", "must be from 1 to 120")
	check(s.Delay >= 0 && s.Delay <= 60, "destroy_delay", "must be from 0 to 60 seconds")
	check(isCap(s.Caps.PerAction), "caps.per_action", "must be a finite number of USD per hour, 0 or more")
	check(isCap(s.Caps.Total), "caps.total", "must be a finite number of USD per hour, 0 or more")
	check(isCap(s.Caps.RunwayHours), "caps.runway_hours", "must be a finite number of hours, 0 or more")
	check(s.Market.Limit >= 1, "market.limit", "must be at least 1")
	check(s.Market.Max >= s.Market.Limit, marketKey(s), "market.max must be at least market.limit")
	check(slices.Contains([]string{"here", "tmux"}, s.SSH.Window), "ssh.window", "must be here or tmux")
	check(slices.Contains([]string{"auto", "direct", "proxy"}, s.SSH.Way), "ssh.way", "must be auto, direct or proxy")
	check(isKeyPath(s.SSH.Identity), "ssh.identity", "must be the path of a private key, beginning with / or ~/")
	s.Budget.problems(check)
	s.Alerts.problems(check)
	s.Bids.problems(check)
	s.keyProblems(check)
	s.commandProblems(check)
	check(isCommand(s.KeyCommand), "key_command", "a quote is not closed, or no program is named")
	s.profileProblems(check)
	return found
}

// marketKey is the key to blame when the two do not fit: the one that differs from its default.
func marketKey(s Settings) string {
	if s.Market.Max == DefaultSettings().Market.Max {
		return "market.limit"
	}
	return "market.max"
}

// isCap refuses infinity and NaN, which TOML can write: no sum is above them, so they would turn
// a cap off without saying so.
func isCap(v float64) bool { return v >= 0 && !math.IsInf(v, 0) }

// isKeyPath admits what can be handed to ssh as it stands; the path of a public key is taken for a
// mistake.
func isKeyPath(path string) bool {
	if path == "" {
		return true
	}
	rest, home := strings.CutPrefix(path, "~/")
	return (home && rest != "" || filepath.IsAbs(path)) && !strings.HasSuffix(path, ".pub") && !strings.ContainsFunc(path, unicode.IsControl)
}

func isCommand(command string) bool {
	if command == "" {
		return true
	}
	_, err := splitCommand(command)
	return err == nil
}

func isBaseURL(text string) bool {
	if text == "" {
		return true
	}
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && u.User == nil
}
