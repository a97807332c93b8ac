package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"time"

	"vastdeck/store"
	"vastdeck/tui"
	"vastdeck/tui/command"
)

// alertsOf is what the settings say of alerts.
func alertsOf(a store.Alerts) tui.Alerts {
	from, to := a.QuietMinutes()
	return tui.Alerts{
		Bell: a.Bell, Desktop: command.DesktopWay(a.Desktop), Muted: a.Mute, Quiet: tui.QuietHours{From: from, To: to},
	}
}

// notifyEnv names the variables that notify-send gets: what it needs to find the
// desktop's bus and to show a text. The API key is not among them.
var notifyEnv = []string{"PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS"}

// notifyGrace is how long its pipes may stay open after it ended or was killed.
const notifyGrace = time.Second

// notifier makes what shows a notice by notify-send.
func notifier(getenv func(string) string) func(context.Context, command.Notice) error {
	return func(ctx context.Context, n command.Notice) error {
		path, err := exec.LookPath("notify-send")
		if err != nil {
			return errors.New("notify-send is not installed: alerts are not shown on the desktop")
		}
		argv, err := notifyArgs(n)
		if err != nil {
			return err
		}
		cmd := exec.CommandContext(ctx, path, argv...)
		cmd.Env = notifyEnviron(getenv)
		cmd.WaitDelay = notifyGrace
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("notify-send: %w", err)
		}
		return nil
	}
}

// notifyArgs are its arguments. The text is printable ASCII and stands behind "--";
// "&" and "<" would be markup.
func notifyArgs(n command.Notice) ([]string, error) {
	n = command.NoticeOf(n.Text, n.Urgent)
	if n.Text == "" {
		return nil, errors.New("a notice without a text")
	}
	urgency := "normal"
	if n.Urgent {
		urgency = "critical"
	}
	text := make([]byte, 0, len(n.Text))
	for _, c := range []byte(n.Text) {
		switch c {
		case '&':
			text = append(text, "and"...)
		case '<', '>':
			text = append(text, '\'')
		default:
			text = append(text, c)
		}
	}
	return []string{"--app-name=vastdeck", "--urgency=" + urgency, "--", "vastdeck", string(text)}, nil
}

// notifyEnviron is the part of the environment that notify-send gets.
func notifyEnviron(getenv func(string) string) []string {
	var env []string
	for _, name := range notifyEnv {
		if v := getenv(name); v != "" {
			env = append(env, name+"="+v)
		}
	}
	return env
}
