package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"vastdeck/store"
	"vastdeck/tui/widget/fit"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// verdict is how something that doctor looks at is.
type verdict string

// The verdicts.
const (
	isOK   verdict = "ok"
	isWarn verdict = "warn" // it works, but not all of it, or not for long
	isBad  verdict = "bad"  // something does not work that is needed
)

// finding is one line of the report.
type finding struct {
	Area    string  `json:"area"`
	Verdict verdict `json:"verdict"`
	Text    string  `json:"text"`           // what was found, in words
	Next    string  `json:"next,omitempty"` // what to do about it, a sentence; "" = nothing
	// Fields are those of the server's answers that are not as they were known to be.
	Fields []fieldJSON `json:"fields,omitempty"`

	details []string // sentences below the text
}

// doctorJSON is what `vastdeck doctor --json` prints.
type doctorJSON struct {
	Version  int       `json:"version"`
	Bad      int       `json:"bad"`
	Warnings int       `json:"warnings"`
	Findings []finding `json:"findings"`
}

// checkup is one run of doctor. Everything it says goes through put, which takes out
// what must not be in a report that is handed on.
type checkup struct {
	*session
	demo   bool            // nothing of this user's account is looked at
	replay string          // what a recording says instead of a server: "recording of …"; "" = none
	api    *vastapi.Client // nil without a key
	who    string          // the account as the journal names it, "" = not told
	keys   []vastapi.SSHKey
	asked  bool // whether the account's public keys are known
	shapes map[vastapi.Rows]*vastapi.Shape
	found  []finding
	hidden *strings.Replacer
}

func (a *app) doctorCommand() *cobra.Command {
	var f verbFlags
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Say what works here and what does not",
		Long: "doctor looks at the key and where it is kept, the server and whether its answers have changed,\n" +
			"ssh, the files of this profile and the terminal. It reads, and changes nothing. Each line is\n" +
			"ok, warn or bad, with what to do next. The report has no secrets in it and can be handed on.\n" +
			"It works without a key and without a network, and says so; with --replay it looks at a\n" +
			"recording. The exit code is 1 when a line is bad.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if f.plan {
				return a.done(a.noPlan(c, &f))
			}
			return a.done(a.tillSignal(c.Context(), func(ctx context.Context) error { return a.doctor(ctx, f.json) }))
		},
	}
	f.addJSON(c)
	f.addNoPlan(c)
	return c
}

// doctor makes the report and prints it.
func (a *app) doctor(ctx context.Context, asJSON bool) error {
	d, err := a.checkup()
	if err != nil {
		return err
	}
	defer d.close()
	for _, look := range []func(context.Context){
		d.lookAtProgram, d.lookAtFiles, d.lookAtKey, d.lookAtServer, d.lookAtSSH, d.lookAtJournal, d.lookAtHistory, d.lookAtTerminal,
	} {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		look(ctx)
	}
	return d.report(asJSON)
}

// checkup begins one. Settings that cannot be read are a finding, not the end of it.
func (a *app) checkup() (*checkup, error) {
	a.lenient = true
	switch {
	case a.opt.demo:
		k, err := a.demoAccount()
		if err != nil {
			return nil, err
		}
		return &checkup{session: k.session, demo: true, api: k.api, hidden: a.homeHidden()}, nil
	case a.taping.plays():
		k, err := a.replayAccount()
		if err != nil {
			return nil, err
		}
		return &checkup{session: k.session, demo: true, replay: k.source, api: k.api, hidden: a.homeHidden()}, nil
	}
	a.envKey = takeKey()
	if key, err := store.ParseKey(a.envKey); err == nil {
		a.redact.Add(key) // before anything is said: it may stand in an address by mistake
	}
	s, err := a.session()
	if err != nil {
		return nil, err
	}
	return &checkup{session: s, hidden: a.homeHidden()}, nil
}

// instead is what is looked at in place of the user's account.
func (d *checkup) instead() string {
	if d.replay != "" {
		return "a replay"
	}
	return "the demo"
}

// homeHidden takes the home folder, and with it the user's name, out of paths.
func (a *app) homeHidden() *strings.Replacer {
	home := a.getenv("HOME")
	if len(home) < 2 {
		return strings.NewReplacer()
	}
	return strings.NewReplacer(home+"/", "~/")
}

// put adds a line to the report.
func (d *checkup) put(area string, v verdict, next, format string, args ...any) {
	d.found = append(d.found, finding{Area: area, Verdict: v, Text: d.cleared(fmt.Sprintf(format, args...)), Next: d.cleared(next)})
}

// mostSaid is how long a line of the report may be, in runes.
const mostSaid = 400

// cleared is a text without keys, without the name of the home folder, and inert.
func (d *checkup) cleared(text string) string {
	return safetext.Clean(d.hidden.Replace(d.redact.Redact(text)), mostSaid)
}

// report prints what was found and gives the exit code.
func (d *checkup) report(asJSON bool) error {
	out := doctorJSON{Version: schemaVersion, Findings: d.found}
	for _, f := range d.found {
		switch f.Verdict {
		case isBad:
			out.Bad++
		case isWarn:
			out.Warnings++
		}
	}
	print := func() error { return writeReport(d.stdout, out, d.outputWidth()) }
	if asJSON {
		print = func() error { return printJSON(d.stdout, out) }
	}
	if err := print(); err != nil {
		return failedf("%s", err)
	}
	if out.Bad > 0 {
		return &exitError{code: exitFailed}
	}
	return nil
}

// Room in the report: for the name of an area, in front of what is said, and the least
// that is left for that on a narrow terminal.
const (
	areaWidth  = 9
	saidIndent = 6 + areaWidth + 2
	leastSaid  = 20
)

// writeReport prints the report, its sentences within width cells when that is more
// than 0: on a terminal they are wrapped, in a file each is one line.
func writeReport(w io.Writer, out doctorJSON, width int) error {
	var b strings.Builder
	say := func(lead, bullet, text string) {
		lines := []string{text}
		if width > 0 {
			lines = fit.Wrap(text, max(width-saidIndent-len(bullet), leastSaid))
		}
		for n, line := range lines {
			if n == 1 {
				lead, bullet = "", strings.Repeat(" ", len(bullet))
			}
			fmt.Fprintf(&b, "%-*s%s%s\n", saidIndent, lead, bullet, line)
		}
	}
	for _, f := range out.Findings {
		say(fmt.Sprintf("%-4s  %s", f.Verdict, f.Area), "", f.Text)
		for _, d := range f.details {
			say("", "- ", d)
		}
		if f.Next != "" {
			say("", "-> ", f.Next)
		}
	}
	switch {
	case out.Bad > 0:
		fmt.Fprintf(&b, "\n%d bad, %d to be looked at.\n", out.Bad, out.Warnings)
	case out.Warnings > 0:
		fmt.Fprintf(&b, "\nNothing is bad, %d to be looked at.\n", out.Warnings)
	default:
		b.WriteString("\nAll is well.\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// outputWidth is the width of the terminal that the report goes to, 0 when it goes to none.
func (d *checkup) outputWidth() int {
	w, _, err := term.GetSize(d.stdout.Fd())
	if err != nil {
		return 0
	}
	return w
}

// lookAtMistakes tells what is wrong with the settings.
func (d *checkup) lookAtMistakes() {
	if d.unsettled == nil {
		return
	}
	for _, line := range strings.Split(d.unsettled.Error(), "\n") {
		d.put("settings", isBad, "Mend that line: until then vastdeck does not start.", "%s", line)
	}
}

// lookAtKeyNames tells what is wrong with the keys and commands of the settings, which only
// the full-screen program knows; it reports whether all is well.
func (d *checkup) lookAtKeyNames() bool {
	_, _, err := ownKeys(d.settings)
	if err == nil {
		return true
	}
	for _, line := range strings.Split(err.Error(), "\n") {
		d.put("settings", isBad, "Mend that line: until then the full-screen program does not start.", "%s", line)
	}
	return false
}

// lookAtFiles tells about the folders, the settings, the log and crash reports.
func (d *checkup) lookAtFiles(context.Context) {
	if d.demo {
		d.lookAtMistakes()
		d.put("files", isOK, "", "%s keeps everything in a folder that is removed when it ends", d.instead())
		return
	}
	config := d.paths.ConfigFile()
	_, err := os.Stat(config)
	switch {
	case d.unsettled != nil:
		d.lookAtMistakes()
	case os.IsNotExist(err):
		d.put("settings", isOK, "", "%s does not exist: the usual settings hold", config)
	case d.lookAtKeyNames():
		d.put("settings", isOK, "", "%s is read without complaint, %s", config, manyOf(len(d.settings.Profiles), "profile"))
	}
	state, err := d.paths.Profile(d.opt.profile)
	if err != nil {
		d.put("files", isBad, "", "%s", err)
		return
	}
	d.lookAtFolder(state)
	log := firstOf(d.opt.logFile, d.paths.LogFile())
	if why := store.Unwritable(filepath.Dir(log)); why != "" {
		d.put("log", isBad, "vastdeck does not start until it can be written: look at the rights of that folder, or name another file with --log.", "%s", why)
	} else if info, err := os.Stat(log); err == nil {
		d.put("log", isOK, "", "%s, %s", log, size(info.Size()))
	} else {
		d.put("log", isOK, "", "%s does not exist yet", log)
	}
	reports, err := os.ReadDir(d.paths.CrashDir())
	if err == nil && len(reports) > 0 {
		newest := time.Time{}
		for _, r := range reports {
			if info, err := r.Info(); err == nil && info.ModTime().After(newest) {
				newest = info.ModTime()
			}
		}
		d.put("crashes", isWarn, "Look at the newest; it has no keys in it and can be handed on.",
			"%s in %s, the newest of %s", manyOf(len(reports), "report"), d.paths.CrashDir(), newest.UTC().Format(time.DateTime))
	} else {
		d.put("crashes", isOK, "", "no reports in %s", d.paths.CrashDir())
	}
}

// lookAtFolder tells whether the profile's folder is there and this user's alone.
func (d *checkup) lookAtFolder(dir string) {
	info, err := os.Stat(dir)
	switch {
	case os.IsNotExist(err):
		d.put("files", isOK, "", "profile %s has not been used yet: %s will be made", d.opt.profile, dir)
	case err != nil:
		d.put("files", isBad, "Look at its rights.", "%s", err)
	case !info.IsDir():
		d.put("files", isBad, "Move it away.", "%s is a file, and a folder is needed there", dir)
	case info.Mode().Perm()&0o077 != 0 && runtime.GOOS != "windows":
		d.put("files", isWarn, "Take that back with `chmod 700`.", "others may enter %s (mode %04o)", dir, info.Mode().Perm())
	default:
		d.put("files", isOK, "", "profile %s is in %s", d.opt.profile, dir)
	}
	names := d.paths.ProfileNames(d.settings, usualProfile)
	if len(names) > 1 {
		d.put("profiles", isOK, "", "%s", strings.Join(names, ", "))
	}
}

// manyOf is a number of things.
func manyOf(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}

// size is a number of bytes for people.
func size(n int64) string {
	switch {
	case n < 10<<10:
		return fmt.Sprintf("%d bytes", n)
	case n < 10<<20:
		return fmt.Sprintf("%d KB", n>>10)
	}
	return fmt.Sprintf("%d MB", n>>20)
}
