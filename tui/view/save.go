package view

// Save writes a text into a file that only the user may read, for an open form: it
// is closed once that is done, or says why it cannot be.
type Save struct {
	Form string
	Path string // as it was typed
	// Text makes what is written. It is called in another goroutine.
	Text    func() string
	Replace bool // a file that is there may be replaced
}

func (Save) intent() {}
