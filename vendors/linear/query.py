"""What we ask Linear, in GraphQL: each document is sent under the name it carries."""

ITEM = "fragment Item on Issue { id identifier url trashed state { name type } assignee { email name } dueDate }"

OPEN = f"""mutation OpenItem($input: IssueCreateInput!) {{
  issueCreate(input: $input) {{ success issue {{ ...Item }} }}
}} {ITEM}"""

FIND = f"""query FindItem($id: ID!) {{
  issues(filter: {{id: {{eq: $id}}}}, first: 1, includeArchived: true) {{ nodes {{ ...Item }} }}
}} {ITEM}"""

WRITE = f"""mutation WriteItem($id: String!, $input: IssueUpdateInput!) {{
  issueUpdate(id: $id, input: $input) {{ success issue {{ ...Item }} }}
}} {ITEM}"""

OWNER = """query FindOwner($email: String!) {
  users(filter: {email: {eqIgnoreCase: $email}, active: {eq: true}}, first: 2) { nodes { id } }
}"""

LABELS = """query FindLabels($names: [String!]!, $team: ID!) {
  issueLabels(
    filter: {
      name: {in: $names}, isGroup: {eq: false}, or: [{team: {null: true}}, {team: {id: {eq: $team}}}]
    }, first: 50
  ) { nodes { id name } }
}"""

TEAMS = "query FindTeams { teams(first: 250) { nodes { id name } } }"

LABEL = """mutation AddLabel($input: IssueLabelCreateInput!) {
  issueLabelCreate(input: $input) { success issueLabel { id name } }
}"""
