package main

import (
	"strings"

	"github.com/spf13/cobra"

	"vastdeck/store"
	"vastdeck/tui"
)

// lookFlags are the flags that say how the screen is drawn in this run.
type lookFlags struct {
	theme          string
	ascii, noMouse bool
}

// add adds the flags to the full-screen command.
func (l *lookFlags) add(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&l.theme, "theme", "", "colours: `THEME` is one of "+strings.Join(store.ThemeNames(), ", ")+" (default: theme in config.toml)")
	f.BoolVar(&l.ascii, "ascii", false, "draw nothing beyond ASCII, except your own texts (also: ascii in config.toml)")
	f.BoolVar(&l.noMouse, "no-mouse", false, "leave the mouse to the terminal; M takes it back (also: mouse = false in config.toml)")
	_ = c.RegisterFlagCompletionFunc("theme", cobra.FixedCompletions(store.ThemeNames(), cobra.ShellCompDirectiveNoFileComp))
}

// check refuses a theme that there is not.
func (l *lookFlags) check() error {
	if l.theme != "" && !store.KnownTheme(l.theme) {
		return &exitError{exitUsage, "--theme must be one of " + strings.Join(store.ThemeNames(), ", ")}
	}
	return nil
}

// apply puts what the flags say above what the settings say.
func (l *lookFlags) apply(d *tui.Deps) {
	if l.theme != "" {
		d.Theme = l.theme
	}
	d.ASCII = d.ASCII || l.ascii
	d.NoMouse = d.NoMouse || l.noMouse
}
