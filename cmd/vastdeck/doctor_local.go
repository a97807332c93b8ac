package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"

	"vastdeck/store"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/rental"
)

// accountID is what the journal calls the account of a user.
func accountID(u vastapi.User) string { return strconv.FormatInt(u.ID, 10) }

// lookAtProgram tells what was built of what, and where it runs.
func (d *checkup) lookAtProgram(context.Context) {
	text := fmt.Sprintf("vastdeck %s, %s, %s/%s", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision":
				text += ", commit " + s.Value[:min(len(s.Value), 12)]
			case s.Key == "vcs.modified" && s.Value == "true":
				text += " with changes"
			}
		}
	}
	d.put("program", isOK, "", "%s", text)
	if d.opt.readOnly {
		d.put("program", isOK, "", "this run is read-only")
	}
}

// lookAtSSH tells about ssh, this machine's keys, and rsync.
func (d *checkup) lookAtSSH(ctx context.Context) {
	dir := filepath.Join(d.paths.State, d.opt.profile)
	sockets := d.paths.Runtime
	if d.demo {
		sockets = "/tmp" // nothing is opened there: only the program is asked
	}
	client, err := remote.New(remote.Options{
		Dir: sockets, KnownHosts: filepath.Join(dir, "known_hosts"), Getenv: d.getenv,
		Identity: homed(d.getenv, d.settings.SSH.Identity),
	})
	if err != nil {
		d.put("ssh", isBad, "", "%s", err)
		return
	}
	v, err := client.Version(ctx)
	switch {
	case err != nil:
		d.put("ssh", isBad, "Without it nobody gets into an instance, and no files are copied; all else works.", "%s", err)
	case !v.Enough():
		d.put("ssh", isWarn, "Install OpenSSH 7.6 or newer.", "%s is too old, or not OpenSSH", v.Text)
	case runtime.GOOS == "windows":
		d.put("ssh", isWarn, "", "%s, which shares no connections on this system", v.Text)
	default:
		d.put("ssh", isOK, "", "%s, shared connections (ControlMaster) work", v.Text)
	}
	d.lookAtSSHKeys(client)
	if path, err := exec.LookPath("rsync"); err == nil {
		d.put("rsync", isOK, "", "%s", path)
	} else {
		d.put("rsync", isWarn, "Install rsync: copies that were broken off then go on where they were.", "not found: files are copied with scp")
	}
}

// lookAtSSHKeys compares the keys of this machine with those of the account.
func (d *checkup) lookAtSSHKeys(client *remote.Client) {
	if d.demo {
		return
	}
	local, err := client.LocalKeys()
	if err != nil {
		d.put("ssh keys", isWarn, "", "%s", err)
		return
	}
	usable := 0
	known := map[string]bool{}
	for _, k := range d.keys {
		known[keyBody(k.Public.String())] = true
	}
	match := 0
	for _, k := range local {
		if !k.Private {
			continue
		}
		usable++
		if known[keyBody(k.Public)] {
			match++
		}
	}
	switch {
	case usable == 0:
		d.put("ssh keys", isWarn, "K in Sessions makes one, or `ssh-keygen -t ed25519`.", "there is no key with its private half in ~/.ssh (an agent may have some)")
	case !d.asked:
		d.put("ssh keys", isOK, "", "%s in ~/.ssh; what the account has is not known", manyOf(usable, "key"))
	case len(d.keys) == 0:
		d.put("ssh keys", isWarn, "Add one in Sessions before you rent: new instances get the keys of the account.", "the account has no key, this machine has %d", usable)
	case match == 0:
		d.put("ssh keys", isWarn, "Add one of this machine's in Sessions, or use an agent that has the other.", "none of %s in ~/.ssh is among the %d of the account", manyOf(usable, "key"), len(d.keys))
	default:
		d.put("ssh keys", isOK, "", "%d of %s in ~/.ssh %s among the %d of the account", match, manyOf(usable, "key"), areOf(match), len(d.keys))
	}
}

// keyBody is a public key without its comment.
func keyBody(line string) string {
	fields := strings.Fields(line)
	if len(fields) < 2 {
		return ""
	}
	return fields[0] + " " + fields[1]
}

// lookAtJournal tells whether the journal can be written and read, and what it leaves open.
func (d *checkup) lookAtJournal(context.Context) {
	if d.demo {
		return
	}
	dir := d.paths.JournalDir(d.opt.profile)
	if why := store.Unwritable(dir); why != "" {
		d.put("journal", isBad, "Nothing can be changed until it can be written: move away what is not a folder there, or mend the rights.", "%s", why)
		return
	}
	if _, err := os.Stat(dir); os.IsNotExist(err) {
		d.put("journal", isOK, "", "nothing was done in this profile yet")
		return
	}
	journal := store.LookAtJournal(dir)
	ops, err := rental.Open(journal)
	var damage *store.ErrDamaged
	switch {
	case errors.As(err, &damage):
		d.put("journal", isBad, "Nothing is rented or started until it is mended: look at your instances, then move that file away.",
			"%s is damaged at record %d: %s", damage.Path, damage.Record, damage.Reason)
		return
	case err != nil:
		d.put("journal", isBad, "Nothing is rented or started until it can be read.", "%s", err)
		return
	}
	files, err := journal.Files()
	if err != nil {
		d.put("journal", isBad, "Look at the rights of that folder.", "%s", err)
		return
	}
	if open := len(ops.OpenFor(d.who)); open > 0 {
		d.put("journal", isWarn, "Start vastdeck: it finds out what became of them by reading. One that runs is doing so.", "%s without a known outcome, in %s", manyOf(open, "operation"), dir)
		return
	}
	d.put("journal", isOK, "", "%s in %s, nothing is open", manyOf(files, "file"), dir)
}

// lookAtHistory tells about the history of prices and about what is remembered.
func (d *checkup) lookAtHistory(ctx context.Context) {
	if d.demo {
		return
	}
	dir, err := d.paths.Profile(d.opt.profile)
	if err != nil {
		return
	}
	d.lookAtState(filepath.Join(dir, "state.json"))
	path := filepath.Join(dir, historyFile)
	newer, err := store.CheckHistory(ctx, path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		d.put("history", isOK, "", "there is none yet; the full-screen program begins it")
		return
	case errors.Is(err, store.ErrHistoryDamaged):
		d.put("history", isWarn, "Nothing has to be done: the next start of the full-screen program sets it aside under another name and begins a new one.", "%s is damaged", path)
		return
	case err != nil:
		d.put("history", isWarn, "Prices are not noted until it can be read: look at its rights, or move it away.", "%s", err)
		return
	case newer:
		d.put("history", isWarn, "Update vastdeck, or go on: only the history stands still.", "%s was written by a newer version: it is read, and nothing is added to it", path)
		return
	}
	said := path
	if info, err := os.Stat(path); err == nil {
		said += ", " + size(info.Size())
	}
	recording := "prices are noted"
	if !d.settings.History.Record {
		recording = "nothing is noted (history.record is off)"
	}
	d.put("history", isOK, "", "%s, %s", said, recording)
}

// lookAtState tells whether what is remembered between runs can be read.
func (d *checkup) lookAtState(path string) {
	switch store.CheckState(path) {
	case store.StateSound:
		d.put("state", isOK, "", "%s can be read", path)
	case store.StateNewer:
		d.put("state", isWarn, "Update vastdeck, or go on: nothing new is remembered between runs until then.", "%s was written by a newer version: it is read, and not written", path)
	case store.StateDamaged:
		d.put("state", isWarn, "Nothing has to be done: the next start sets it aside under another name and begins a new one.", "%s is damaged", path)
	case store.StateShut:
		d.put("state", isWarn, "Look at its rights: nothing is remembered between runs until it can be read.", "%s cannot be read", path)
	}
}
