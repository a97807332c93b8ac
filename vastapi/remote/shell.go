package remote

import (
	"context"
	"time"

	"vastdeck/vastapi"
)

// answerLimit is how long an open connection has to let a word through and back.
const answerLimit = 3 * time.Second

// Shell makes everything ready for an interactive session and returns its command. The
// shared connection is opened first when there is none; one that is open is asked whether
// anything still gets through. Where that fails the session gets a connection of its own,
// by which ssh can ask for a passphrase and say what is wrong. What the shared connection
// leads to is noted only when it was opened here.
func (c *Client) Shell(ctx context.Context, id vastapi.InstanceID, ch Chosen, s Shell) (Command, error) {
	if err := c.Prepare(); err != nil {
		return Command{}, err
	}
	if !ch.Own && CanShare {
		ch.Own = !c.joins(ctx, id, ch.Endpoint)
	}
	if ctx.Err() != nil {
		return Command{}, context.Cause(ctx)
	}
	return c.ShellCommand(id, ch, s)
}

// joins reports whether a session can go through the shared connection.
func (c *Client) joins(ctx context.Context, id vastapi.InstanceID, e Endpoint) bool {
	_, fresh, err := c.open(ctx, id, e, master{})
	return err == nil && (fresh || c.passes(ctx, id, e))
}

// passes reports whether anything gets through the shared connection, which says of
// itself that it is up as long as its own process lives.
func (c *Client) passes(ctx context.Context, id vastapi.InstanceID, e Endpoint) bool {
	cmd, err := c.LineCommand(id, e, Use, "true")
	if err != nil {
		return false
	}
	r, err := c.Output(ctx, cmd, answerLimit)
	return err == nil && r.Code != SSHFailed
}
