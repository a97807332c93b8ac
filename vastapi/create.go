package vastapi

import "net/http"

// DefaultRunType is the run type of a CreateInstance that names none: ssh on a
// port of the machine's own, and through the proxy (recorded requests).
const DefaultRunType = "ssh_direc ssh_proxy"

// CreateInstance rents an offer: PUT /api/v0/asks/{offer}/. It is not
// idempotent: whoever sends it twice may rent twice. What is left at its zero
// value is left to the server, or to the template when one is named: values of
// the request win over those of the template, variables one by one.
type CreateInstance struct {
	Offer OfferID
	// Type says which price is meant, so that a bid cannot turn into an
	// on-demand rent: Interruptible needs a Price, OnDemand and Reserved must
	// have none. "" takes Price as it is. A reserved instance is rented on
	// demand and then paid ahead (PrepayInstance).
	Type  RentalType
	Price *Rate // nil = on-demand; a number is an interruptible bid for the whole offer

	Image      string // may be "" when Template names one
	Template   string // template_hash_id
	ImageLogin Secret // "-u USER -p PASSWORD REGISTRY" for a private registry
	Disk       GB     // at least 8; fixed for the life of the instance
	Label      string // at most 256 bytes

	Env     map[string]string // variables and docker flags ("-p 8080:8080": "1", "-h": "name"); values may be secret
	OnStart string            // a script; the entrypoint with the run type args
	Args    []string          // for the entrypoint, with the run type args
	User    string            // docker user
	RunType string            // "" = DefaultRunType, with a Template the template's

	JupyterLab bool
	JupyterDir string
	PythonUTF8 bool // locale workarounds for old images
	LangUTF8   bool

	Volume *VolumeMount // nil = none

	// CancelUnavail asks for an error instead of a stopped, billed instance
	// when the GPU was taken meanwhile.
	CancelUnavail bool
	Force         bool   // skip the server's sanity checks
	TargetState   string // "running" or "stopped"; "" = running
	VM            bool   // a virtual machine, which needs an ssh key and takes no volume
}

// VolumeMount puts a volume into an instance that is created: an existing one of
// the same machine (Link), or a new one (Offer). A volume can be attached at no
// other time.
type VolumeMount struct {
	Path  string   // where it appears, e.g. /data
	Link  VolumeID // a volume of one's own
	Offer OfferID  // or the volume offer to rent, Offer.VolumeAsk
	Size  int      // GB, new volumes only; 0 = 15 (official client)
	Name  string   // new volumes only: letters, digits and _, at most 64; "" = none
}

func (CreateInstance) call() {}

// Method is PUT.
func (CreateInstance) Method() string { return http.MethodPut }

// Path names the offer that is rented.
func (c CreateInstance) Path() string { return "/api/v0/asks/" + c.Offer.String() + "/" }

// createBody is the wire form. The keys up to Force are always there, as in the
// recorded requests of the official client, null for "not given"; the others
// only when they say something.
type createBody struct {
	ClientID      string            `json:"client_id"`
	Image         *string           `json:"image"`
	Env           map[string]string `json:"env"`
	Price         *Rate             `json:"price"`
	Disk          GB                `json:"disk"`
	Label         *string           `json:"label"`
	OnStart       *string           `json:"onstart"`
	RunType       string            `json:"runtype,omitempty"`
	CancelUnavail bool              `json:"cancel_unavail"`
	Force         bool              `json:"force"`

	Template    string      `json:"template_hash_id,omitempty"`
	ImageLogin  string      `json:"image_login,omitempty"`
	Args        []string    `json:"args,omitempty"`
	User        string      `json:"user,omitempty"`
	JupyterLab  bool        `json:"use_jupyter_lab,omitempty"`
	JupyterDir  string      `json:"jupyter_dir,omitempty"`
	PythonUTF8  bool        `json:"python_utf8,omitempty"`
	LangUTF8    bool        `json:"lang_utf8,omitempty"`
	Volume      *volumeBody `json:"volume_info,omitempty"`
	TargetState string      `json:"target_state,omitempty"`
	VM          bool        `json:"vm,omitempty"`
}

type volumeBody struct {
	Path   string `json:"mount_path"`
	Create bool   `json:"create_new"`
	ID     int64  `json:"volume_id"`
	Size   int    `json:"size,omitempty"`
	Name   string `json:"name,omitempty"`
}

func (c CreateInstance) body(env map[string]string, login string) ([]byte, error) {
	// An interruptible rent without a price is an on-demand rent: it must not
	// come into being, whoever asks for the body.
	if err := c.priced(); err != nil {
		return nil, err
	}
	if env == nil {
		env = map[string]string{}
	}
	b := createBody{
		ClientID: "me", Image: given(c.Image), Env: env, Price: c.Price, Disk: c.Disk, Label: given(c.Label),
		OnStart: given(c.OnStart), RunType: c.RunType, CancelUnavail: c.CancelUnavail, Force: c.Force,
		Template: c.Template, ImageLogin: login, Args: c.Args, User: c.User, JupyterLab: c.JupyterLab,
		JupyterDir: c.JupyterDir, PythonUTF8: c.PythonUTF8, LangUTF8: c.LangUTF8, Volume: c.Volume.body(),
		TargetState: c.TargetState, VM: c.VM,
	}
	if b.RunType == "" && c.Template == "" {
		b.RunType = DefaultRunType
	}
	return plainJSON(b)
}

// given is nil for a text that was not given.
func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (v *VolumeMount) body() *volumeBody {
	switch {
	case v == nil:
		return nil
	case v.Link != 0:
		return &volumeBody{Path: v.Path, ID: int64(v.Link)}
	}
	b := &volumeBody{Path: v.Path, Create: true, ID: int64(v.Offer), Size: v.Size, Name: v.Name}
	if b.Size == 0 {
		b.Size = defaultVolume
	}
	return b
}

// Body is the request as sent.
func (c CreateInstance) Body() ([]byte, error) { return c.body(c.Env, c.ImageLogin.clear()) }

// Preview masks the registry login and the values of variables; docker flags are
// not secret and stay.
func (c CreateInstance) Preview() ([]byte, error) {
	return c.body(maskedEnv(c.Env), c.ImageLogin.String())
}
