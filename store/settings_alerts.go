package store

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Alerts says what the user is told of while the program runs, and how.
type Alerts struct {
	Bell      bool     `toml:"bell"`       // ring the terminal's bell
	Desktop   string   `toml:"desktop"`    // off, osc9, osc777 or notify-send
	IdleAfter int      `toml:"idle_after"` // minutes in which a GPU may do nothing, 1 to 1440
	Mute      []string `toml:"mute"`       // kinds of which nothing is told, see AlertKinds
	Quiet     string   `toml:"quiet"`      // hours without bell and desktop, "22:00-07:00"; "" = none
}

// AlertKinds are the kinds of alerts that can be muted, sorted.
func AlertKinds() []string {
	return []string{"credit", "disk", "end", "exited", "gone", "hopeless", "idle", "offline", "outbid", "price", "ready", "stuck", "taken", "watch"}
}

// QuietMinutes returns the quiet hours in minutes since midnight; both are 0 when there are none.
func (a Alerts) QuietMinutes() (from, to int) {
	from, to, _ = quietMinutes(a.Quiet)
	return from, to
}

func quietMinutes(text string) (from, to int, err error) {
	if text == "" {
		return 0, 0, nil
	}
	begin, end, ok := strings.Cut(text, "-")
	if !ok {
		return 0, 0, fmt.Errorf("%q has no -", text)
	}
	for i, half := range []string{begin, end} {
		t, err := time.Parse("15:04", strings.TrimSpace(half))
		if err != nil {
			return 0, 0, err
		}
		*[]*int{&from, &to}[i] = t.Hour()*60 + t.Minute()
	}
	return from, to, nil
}

// problems checks the values that the types alone do not.
func (a Alerts) problems(check func(ok bool, key, reason string)) {
	check(slices.Contains([]string{"off", "osc9", "osc777", "notify-send"}, a.Desktop), "alerts.desktop", "must be off, osc9, osc777 or notify-send")
	check(a.IdleAfter >= 1 && a.IdleAfter <= 1440, "alerts.idle_after", "must be from 1 to 1440 minutes")
	unknown := slices.ContainsFunc(a.Mute, func(kind string) bool { return !slices.Contains(AlertKinds(), kind) })
	check(!unknown, "alerts.mute", "may name "+strings.Join(AlertKinds(), ", "))
	from, to, err := quietMinutes(a.Quiet)
	check(err == nil && (a.Quiet == "" || from != to), "alerts.quiet", "must be two times of the day, e.g. 22:00-07:00")
}
