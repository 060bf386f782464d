package workspace

import "slices"

// IDs of the seeded workspace. They never change, so that a configuration can
// name them.
const (
	TeamID  = "T0SANDBOX1"
	AppID   = "A0SANDBOX1"
	Partner = "T0PARTNER1" // another organization's, with which channels can be shared
	BotUser = "U0MUSTER01"
	BotID   = "B0MUSTER01"

	General   = "C0GENERAL1"
	Incidents = "C0INCIDEN1"
	Managers  = "C0MANAGER1"

	OnCallL1     = "S0ONCALL01"
	LeadsL2      = "S0LEADS002"
	LeadershipL3 = "S0LEADER03"
)

// The two tokens are constants: the workspace listens on loopback only and
// holds nothing but what was typed into it.
const (
	BotToken = "xoxb-sandbox-0000000000-bot"        //nolint:gosec // opens nothing but this machine's sandbox
	AppToken = "xapp-1-A0SANDBOX1-0000000000-local" //nolint:gosec // opens nothing but this machine's sandbox
)

// OwnTeam is the workspace's identity.
var OwnTeam = Team{ID: TeamID, Name: "Sandbox", Domain: "sandbox"}

// People lists the people of a fresh workspace, the bot left out.
var People = []User{
	newPerson("U0ONCALL01", "oncall", "Ada Park", "On-call engineer"),
	newPerson("U0SENIOR01", "senior", "Sam Okafor", "Senior engineer"),
	newPerson("U0TECHLD01", "techlead", "Lena Ruiz", "Tech lead"),
	newPerson("U0ENGMGR01", "manager", "Tomas Berg", "Engineering manager"),
	newPerson("U0SECURE01", "security", "Noor Haddad", "Security lead"),
	newPerson("U0SUCCES01", "success", "Mia Lindqvist", "Customer success"),
	newPerson("U0PRODUC01", "product", "Ravi Menon", "Product manager").in("Asia/Kolkata"),
	newPerson("U0SALESL01", "sales", "Carla Nunes", "Sales lead"),
	newPerson("U0LEGAL001", "legal", "Edith Moreau", "Legal"),
	newPerson("U0CISO0001", "ciso", "Viktor Novak", "CISO"),
	newPerson("U0MARKET01", "marketing", "Yuki Tanaka", "Marketing lead"),
	newPerson("U0CEO00001", "ceo", "Grace Adeyemi", "CEO"),
	newPerson("U0SUPPRT01", "support", "Jonas Wolf", "Support agent"),
}

var groups = []Group{
	{ID: OnCallL1, Handle: "oncall-l1", Name: "On call (L1)", Users: userIDs("oncall")},
	{ID: LeadsL2, Handle: "leads-l2", Name: "Leads (L2)", Users: userIDs("senior", "techlead")},
	{ID: LeadershipL3, Handle: "leadership-l3", Name: "Leadership (L3)", Users: userIDs("manager")},
}

func newPerson(id, handle, name, title string) User {
	return User{ID: id, Name: handle, RealName: name, Title: title, Email: handle + "@sandbox.example"}
}

// in returns the person in another time zone than UTC.
func (u User) in(zone string) User {
	u.TZ = zone
	return u
}

// userIDs returns the IDs of seeded handles, in the order of the handles.
func userIDs(handles ...string) []string {
	ids := make([]string, 0, len(handles))
	for _, h := range handles {
		i := slices.IndexFunc(People, func(u User) bool { return u.Name == h })
		ids = append(ids, People[i].ID)
	}
	return ids
}

// allUsers returns the seeded people and the bot.
func allUsers(botName string) []User {
	bot := User{ID: BotUser, Name: "muster", RealName: botName, Title: "App", IsBot: true}
	return append(slices.Clone(People), bot)
}

// seedState returns a workspace as it is before anything happened in it.
func seedState(now int64) state {
	ids := make([]string, len(People))
	for i, u := range People {
		ids[i] = u.ID
	}
	managers := append(userIDs("techlead", "manager", "security", "product", "ciso", "ceo"), BotUser)
	open := func(id, name, purpose string, members []string) *Channel {
		return &Channel{
			ID: id, Name: name, Creator: People[0].ID, Created: now, Members: members,
			Purpose: channelText{Value: purpose, Creator: People[0].ID, LastSet: now},
		}
	}
	return state{
		Channels: []*Channel{
			open(General, "general", "Company-wide announcements", slices.Clone(ids)),
			open(Incidents, "incidents", "Every incident is announced here", append(slices.Clone(ids), BotUser)),
			open(Managers, "managers", "Digests for managers", managers),
		},
		Homes:     map[string]*View{},
		Responses: map[string]*responseURL{},
		Read:      map[string]map[string]string{},
	}
}
