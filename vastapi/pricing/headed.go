package pricing

import (
	"strings"

	"vastdeck/vastapi"
)

// Will is what i is billed once it is where it is headed: while running when
// that is what was asked for and nothing says that it failed, for its disk alone
// when it is to be stopped. One that is there already, that failed or that is
// being destroyed is billed what it is billed now. A machine that cannot be
// reached is taken to come back.
func Will(i *vastapi.Instance) vastapi.Rate {
	switch {
	case leaving(i):
		return Now(i)
	case i.Intended.String() == "running" && !there(i) && !Failed(i):
		return Running(i).Total()
	case i.Intended.String() == "stopped" && (computes(i) || i.Actual.String() == "offline"):
		return Stopped(i)
	}
	return Now(i)
}

// Heading reports whether i is to be running, is not, and nothing says that it
// will not come up: it is being created, waits for its GPU or its machine is away.
func Heading(i *vastapi.Instance) bool {
	return i.Intended.String() == "running" && !there(i) && !Failed(i) && !leaving(i)
}

// Failed reports whether i was to run and will not come up by itself: its
// container could not be started, or ended.
func Failed(i *vastapi.Instance) bool {
	if i.Intended.String() == "stopped" {
		return false
	}
	switch i.Actual.String() {
	case "", "created", "loading":
		return startFailed(i.Status.String())
	case "exited", "stopped":
		// A contract that is stopped while it shall run waits for its GPU.
		return i.Cur.String() != "stopped"
	}
	return false
}

// startFailed knows the messages after which an instance was never seen to
// come up (reports of hosts and of other clients). Hosts spell them in either case.
func startFailed(message string) bool {
	message = strings.ToLower(message)
	for _, sign := range startSigns {
		if strings.Contains(message, sign) {
			return true
		}
	}
	return false
}

var startSigns = []string{
	"error response from daemon", "oci runtime", "manifest unknown", "manifest for", "no matching manifest", "pull access denied",
	"repository does not exist", "unauthorized:", "no space left on device", "invalid reference format", "failed to create task",
	"nvidia-container-cli", "no such image",
}

// leaving reports whether i is being destroyed.
func leaving(i *vastapi.Instance) bool {
	return i.Cur.String() == "unloaded" || i.Next.String() == "unloaded"
}

// there reports whether i runs as it is to.
func there(i *vastapi.Instance) bool { return i.Intended.String() == "running" && computes(i) }

// computes reports whether i holds its GPU, which is billed then.
func computes(i *vastapi.Instance) bool {
	switch i.Actual.String() {
	case "running", "frozen", "rebooting", "recycling":
		return true
	}
	return false
}
