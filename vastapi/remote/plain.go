package remote

import "vastdeck/vastapi"

// PlainCommand is a session without a terminal of its own, by what was chosen: its
// streams are those of the command, or of the shell over there when s.Line is empty. Like
// ShellCommand it uses the shared connection when that is up and makes none; unless
// s.Batch, ssh may ask for a passphrase on this terminal. Its exit code is that of the
// command, but for 255, which is ssh's.
func (c *Client) PlainCommand(id vastapi.InstanceID, ch Chosen, s Shell) (Command, error) {
	share := Use
	if ch.Own {
		share = Own
	}
	return c.connect(id, ch.Endpoint, share, append(c.batch(s.Batch), "-T"), s.Line, true)
}
