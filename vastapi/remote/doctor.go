package remote

import (
	"context"
	"time"
)

// Step is one of the things that have to be right for ssh to work, in their order.
type Step int

// The steps.
const (
	StepStatus  Step = iota // the instance runs
	StepPort                // there is a port to speak to
	StepTCP                 // something answers there
	StepBanner              // and it is ssh
	StepHostKey             // and the one it was before
	StepAuth                // and lets one of our keys in
	StepShell               // and runs a command
)

func (s Step) String() string {
	return [...]string{"status", "port", "tcp", "banner", "host key", "key", "shell"}[s]
}

// CheckState is how a step came out.
type CheckState int

// The outcomes of a step.
const (
	CheckOK      CheckState = iota
	CheckWarn               // it does not work, but another way does
	CheckFailed             // this is what has to be mended
	CheckSkipped            // it was not tried, because an earlier one failed
)

func (s CheckState) String() string { return [...]string{"ok", "warning", "failed", "skipped"}[s] }

// Remedy is a kind of thing that mends a step.
type Remedy int

// The remedies.
const (
	RemedyNone          Remedy = iota
	RemedyWait                 // it comes by itself
	RemedyStart                // start the instance
	RemedyUseProxy             // go through the proxy
	RemedyForgetHostKey        // drop the pinned host key
	RemedyAttachKey            // attach Fix.Key to the instance
	RemedyGenerateKey          // make a key first, then attach it
)

func (r Remedy) String() string {
	return [...]string{"none", "wait", "start", "use proxy", "forget host key", "attach key", "generate key"}[r]
}

// Fix is what mends a step.
type Fix struct {
	Remedy Remedy
	Text   string   // a sentence that says what to do; "" when there is nothing to do
	Key    LocalKey // to attach, with RemedyAttachKey
}

// Check is one step as it came out.
type Check struct {
	Step  Step
	State CheckState
	Way   Way           // by which it was tried, Auto for the steps before there is one
	Text  string        // a sentence: what was found
	Fix   Fix           // the zero Fix unless the step failed
	Took  time.Duration // 0 when nothing was asked
}

// Subject is what is known about an instance before its connection is examined.
type Subject struct {
	Target Target
	// Status says in a sentence how the instance is, for the first step; inert.
	Status string
	// Coming means that the instance is on its way to running: waiting helps.
	Coming bool
	// Keys are the public keys on this machine.
	Keys []LocalKey
	// Account and Attached are the fingerprints ("SHA256:…") of the keys of the account
	// and of those attached to this instance. Nil means that they are not known.
	Account, Attached []string
	// Recall looks up once more what is known of keys, when none was let in and before
	// it is said which one to attach; nil = what stands here is all.
	Recall func(context.Context, *Subject)
}
