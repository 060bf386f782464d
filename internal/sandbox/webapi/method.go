package webapi

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

var (
	//go:embed methods.json
	methodTable []byte

	//go:embed common-errors.json
	commonErrors []byte // which any method may answer
)

// Method is what Slack publishes about one Web API method. It decides what is
// refused before the handler runs, and which error codes may be answered.
type Method struct {
	Name   string
	Post   bool                `json:"post"` // needs POST
	JSON   bool                `json:"json"` // takes a JSON body
	Tier   int                 `json:"tier"` // of its rate limit; 0 has a rule of its own
	Token  string              `json:"token"`
	Any    bool                `json:"any"`    // takes arguments beside those that it knows
	Scopes []string            `json:"scopes"` // any one of them will do
	Args   map[string]argument `json:"args"`
	Errors []string            `json:"errors"`
	handle handler
}

type argument struct {
	Type      string   `json:"type"`
	Required  bool     `json:"required"`
	Empty     bool     `json:"empty"`   // "" will do, also where it is required
	Enum      []string `json:"enum"`    // what it may be; of a timestamp, the words that it may be as well
	Max       int      `json:"max"`     // characters of a text; the greatest number
	Default   int      `json:"default"` // of a number that is not given, or 0
	Malformed string   `json:"ill"`     // the code for a bad one, instead of invalid_arguments
	Missing   string   `json:"missing"` // the code for none where one is required
}

// handler does what a method does, with the state locked.
type handler func(a *API, c *call) (object, error)

// handlers gives each method of the table what it does.
var handlers = map[string]handler{
	"api.test":                 apiTest,
	"apps.connections.open":    openConnection,
	"auth.test":                authTest,
	"bookmarks.add":            addBookmark,
	"bookmarks.list":           listBookmarks,
	"bots.info":                botInfo,
	"chat.delete":              deleteMessage,
	"chat.getPermalink":        permalink,
	"chat.postEphemeral":       postEphemeral,
	"chat.postMessage":         postMessage,
	"chat.update":              updateMessage,
	"conversations.archive":    archiveChannel,
	"conversations.create":     createChannel,
	"conversations.history":    history,
	"conversations.info":       channelInfo,
	"conversations.invite":     inviteUsers,
	"conversations.join":       joinChannel,
	"conversations.leave":      leaveChannel,
	"conversations.list":       listChannels,
	"conversations.members":    listMembers,
	"conversations.open":       openDirect,
	"conversations.rename":     renameChannel,
	"conversations.replies":    replies,
	"conversations.setPurpose": setPurpose,
	"conversations.setTopic":   setTopic,
	"conversations.unarchive":  unarchiveChannel,
	"pins.add":                 addPin,
	"pins.list":                listPins,
	"pins.remove":              removePin,
	"reactions.add":            addReaction,
	"team.info":                teamInfo,
	"usergroups.list":          listGroups,
	"usergroups.users.list":    listGroupUsers,
	"users.conversations":      userChannels,
	"users.info":               userInfo,
	"users.list":               listUsers,
	"users.lookupByEmail":      lookupByEmail,
	"views.open":               openView,
	"views.publish":            publishView,
	"views.push":               pushView,
	"views.update":             updateView,
}

// ReadMethods returns what Slack publishes about each method, by name.
func ReadMethods() (map[string]*Method, error) {
	var table map[string]*Method
	if err := json.Unmarshal(methodTable, &table); err != nil {
		return nil, fmt.Errorf("read the table of methods: %w", err)
	}
	var common []string
	if err := json.Unmarshal(commonErrors, &common); err != nil {
		return nil, fmt.Errorf("read the list of common errors: %w", err)
	}
	for name, m := range table {
		m.Errors = append(m.Errors, common...)
		m.Name, m.handle = name, handlers[name]
		if m.handle == nil {
			return nil, fmt.Errorf("the table of methods has %s, which has no handler", name)
		}
	}
	return table, nil
}

// documents reports whether Slack documents code for the method.
func (m *Method) documents(code string) bool {
	return slices.Contains(m.Errors, code)
}

// scopesFor narrows the method's scopes to those that reach channels of a kind.
// Scopes of no kind (chat:write, pins:read) reach them all.
func (m *Method) scopesFor(kind string) []string {
	var fit []string
	for _, s := range m.Scopes {
		family, _, _ := strings.Cut(s, ":")
		switch family {
		case "channels", "groups", "im", "mpim":
			if strings.TrimSuffix(family, "s") == kind {
				fit = append(fit, s)
			}
		default:
			fit = append(fit, s)
		}
	}
	return fit
}
