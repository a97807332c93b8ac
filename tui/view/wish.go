package view

import (
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// What the sessions view is told (see Tell) by views whose keys have to do with ssh.
// It asks what has to be asked, and does it.
type (
	// Connect opens a shell in an instance.
	Connect struct {
		Instance vastapi.InstanceID
		Way      remote.Way // Auto, unless the user has chosen
	}
	// ForwardPort asks which port of an instance to forward, and forwards it.
	ForwardPort struct{ Instance vastapi.InstanceID }
	// CopyFiles asks what to copy to or from an instance, and copies it.
	CopyFiles struct{ Instance vastapi.InstanceID }
	// AttachKey asks which key to let into instances, and plans it.
	AttachKey struct{ Instances []vastapi.InstanceID }
	// Examine finds out why ssh to an instance does not work.
	Examine struct{ Instance vastapi.InstanceID }
)

// ChangeBid is what the Bids view is told (see Tell) to ask for another bid for an
// interruptible instance.
type ChangeBid struct{ Instance vastapi.InstanceID }

// ShowLogs is what the Logs page is opened with: the logs of one instance, or of
// several, merged.
type ShowLogs struct{ Instances []vastapi.InstanceID }

// RunCommand is what the Run page is opened with: where a command is to run, and what
// stands in its line then, "" = what stood there. It runs when the user says so.
type RunCommand struct {
	Instances []vastapi.InstanceID
	Command   string
}

// RentWith is what the Market is opened with to rent an instance that gets an existing
// volume: the offers of the machine that it lies on are shown, and the rent form links it.
type RentWith struct {
	Volume  vastapi.VolumeID
	Machine vastapi.MachineID
	Mount   string // where it appears in the instance
}

// ShowOperation is what Activity is opened with to show one operation.
type ShowOperation struct{ ID string }

// ShowAudit is what Account is opened with to show what the server's log of requests says
// of one operation.
type ShowAudit struct{ Operation string }

// AccountPart is what Account is opened with to show one of its parts, by the key that
// leads there.
type AccountPart string

// Parts of the account that other views lead to.
const (
	ShowAPIKeys   AccountPart = "K"
	ShowVariables AccountPart = "V"
)

// ShowSSHKeys is what Sessions is opened with to show the ssh keys of the account.
type ShowSSHKeys struct{}
