package remote

import (
	"time"

	"vastdeck/vastapi"
)

// LocalKey is a public key that lies on this machine.
type LocalKey struct {
	Path        string // of the .pub file
	Type        string // "ssh-ed25519"
	Fingerprint string // "SHA256:…", as ssh-keygen -l prints it
	Comment     string // inert
	Public      string // the line to hand to others: type, base64 and comment
	Private     bool   // the private half lies beside it
}

// CopyJob says what is copied where. One of the two ends is this machine.
type CopyJob struct {
	Instance vastapi.InstanceID
	Up       bool   // from this machine to the instance, else back
	Local    string // path on this machine
	Remote   string // path in the instance
}

// CopyProgress is how far a copy has come.
type CopyProgress struct {
	Tool    string        // "rsync" or "scp"
	Done    int64         // bytes
	Total   int64         // bytes, 0 = not known
	Files   int           // that are done
	Rate    float64       // bytes a second, over the last seconds
	Left    time.Duration // estimate; 0 = not known
	Current string        // the file that is on its way, inert
	// Note says in sentences in what the copy is not what lies at the other end: links
	// whose targets were copied in their place. "" = in nothing; inert.
	Note string
}
