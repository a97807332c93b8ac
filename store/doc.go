// Package store remembers things on this machine: settings, the state of the screens, the
// write-ahead journal of operations, keys, the log and crash reports. It must not know what
// Vast is or that there is a terminal: it imports nothing of this module, and lines, names and
// keys pass through it unread.
//
// # Places
//
// [Resolve] turns the environment into [Paths]. The XDG variables count on every system:
//
//	$XDG_CONFIG_HOME/vastdeck/config.toml            the user's settings, never written here
//	$XDG_STATE_HOME/vastdeck/<profile>/state.json    what the program remembers
//	$XDG_STATE_HOME/vastdeck/<profile>/journal/      one file per running process
//	$XDG_STATE_HOME/vastdeck/<profile>/key.age       keys behind a passphrase, if the user wants that
//	$XDG_STATE_HOME/vastdeck/vastdeck.log            and crash/ for crash reports
//	$XDG_RUNTIME_DIR/vastdeck/                       sockets
//
// # What holds for every file
//
// Folders are 0700 and files 0600 whatever the umask is. Files are created exclusively and
// without following links, and replaced as a whole by a rename, so that a crash leaves the old
// content or the new. A damaged file is set aside beside its place with a notice; a file of a
// newer version is opened read-only with a notice. No file ever holds a key in the
// clear: [Key] prints as "[redacted]" wherever it goes, and the log and the crash reports pass through a [Redactor].
//
// # The journal
//
// [Journal] is append-only. Append returns after the line is on the disk; when it returns an
// error, nothing may be sent to the server. See [OpenJournal].
package store
