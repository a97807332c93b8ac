package rental

// LegendLine explains one word of State.
type LegendLine struct {
	Word  string
	Class Class
	Means string // what it means and what it costs
}

// Legend explains every word that Display knows, in the order of an instance's
// life. A word that is not in it comes from the API as it is.
func Legend() []LegendLine {
	return []LegendLine{
		{"CREATING", ClassMoving, "the contract exists, the host has not begun; the disk is billed"},
		{"LOADING", ClassMoving, "the image is pulled or the container starts; the disk is billed"},
		{"RUNNING", ClassRunning, "the container runs; GPU and disk are billed"},
		{"REBOOTING", ClassMoving, "the container restarts and keeps its GPU, which is billed"},
		{"RECYCLING", ClassMoving, "the container is made anew and keeps its GPU, which is billed"},
		{"STOPPING", ClassMoving, "it was asked to stop and still runs"},
		{"STOPPED", ClassStopped, "stopped as asked; the disk is billed until it is destroyed"},
		{"FROZEN", ClassStopped, "paused with its memory; GPU and disk are billed"},
		{"OUTBID", ClassWaiting, "somebody bids more; the disk is billed, and it resumes when the bid wins again"},
		{"SCHEDULING", ClassWaiting, "it shall run, but somebody else has the GPU; the disk is billed"},
		{"EXITED", ClassFailed, "the container ended by itself; the disk is billed"},
		{"ERROR", ClassFailed, "the host could not start the container; the disk is billed"},
		{"ENDED", ClassFailed, "the contract is over: it cannot be started again; its disk is billed and may be deleted after 48 hours"},
		{"OFFLINE", ClassLost, "the host is disconnected; nothing is billed"},
		{"UNKNOWN", ClassLost, "the machine sends no sign of life; what is billed is not known"},
		{"DESTROYING", ClassTerminal, "the contract is being ended"},
	}
}
