"""What the engine says, in Vietnamese: by the English words that stand in the code.

Each entry keeps the places of its English words. Keys of the registry's files stay as clerks write them (`until`);
the words are those of the guides: sổ đăng ký, sổ địa chỉ, cơ quan, đơn vị, cán bộ, chức vụ, quyết định.
"""

from __future__ import annotations

VIETNAMESE: dict[str, str] = {
    # Files
    "The file is missing.": "Thiếu tệp này.",
    "Create it, or check that the path given is the registry's.": (
        "Tạo tệp, hoặc xem lại đường dẫn có đúng là của sổ đăng ký không."
    ),
    "The link leads nowhere.": "Liên kết này không dẫn tới tệp nào.",
    "Put the file itself in its place, or remove the link.": "Đặt chính tệp ấy vào chỗ này, hoặc xoá liên kết.",
    "This is no file, but a folder, a pipe or a device.": "Đây không phải tệp mà là thư mục, ống dẫn hoặc thiết bị.",
    "Put a file in its place, or remove it.": "Đặt một tệp vào chỗ này, hoặc xoá đi.",
    "The user who runs this may not read it.": "Người đang chạy lệnh không có quyền đọc.",
    "Let that user read it and enter the folders above it.": (
        "Cấp cho người ấy quyền đọc và quyền vào các thư mục phía trên."
    ),
    "The file has {size} MB, and none is read beyond {most} MB.": "Tệp dài {size} MB; không đọc tệp nào quá {most} MB.",
    "No agency and no lock is that large: check what it is, and remove it.": (
        "Không cơ quan nào, sổ địa chỉ nào lớn đến thế: xem lại đó là tệp gì, rồi xoá đi."
    ),
    "Nothing reads this file.": "Tệp này không thuộc sổ đăng ký, không được đọc.",
    "The registry knows estate.yml, policy.yml, lists.yml, holds.yml, protected.yml, calendar.yml, "
    "approvers.yml, agencies/<code>.yml, addresses/<domain>.yml, overrides/<name>.yml and "
    "exceptions/<name>.yml: rename or move it.": (
        "Sổ đăng ký chỉ gồm estate.yml, policy.yml, lists.yml, holds.yml, protected.yml, calendar.yml, approvers.yml, "
        "agencies/<mã>.yml, addresses/<tên miền>.yml, overrides/<tên>.yml và exceptions/<tên>.yml: đổi tên tệp hoặc "
        "chuyển đi nơi khác."
    ),
    "There is not one agency.": "Chưa có cơ quan nào.",
    "Write the first one to agencies/<code>.yml; an empty registry would empty the directory.": (
        "Ghi cơ quan đầu tiên vào agencies/<mã>.yml; sổ đăng ký trống sẽ làm trống cả danh bạ."
    ),
    "The file is not UTF-8 (byte {byte} cannot be read).": "Tệp không lưu theo UTF-8 (không đọc được byte {byte}).",
    "Save it as UTF-8 in your editor, and check the accents afterwards.": (
        "Trong trình soạn thảo, lưu lại tệp theo UTF-8 rồi kiểm tra dấu tiếng Việt."
    ),
    "Here is a control character ({code}), which no keyboard writes.": (
        "Ở đây có một ký tự điều khiển ({code}), bàn phím không gõ ra ký tự này."
    ),
    "Delete it; an editor that shows invisible characters finds it.": (
        "Xoá ký tự ấy; trình soạn thảo có chế độ hiện ký tự ẩn sẽ cho thấy nó."
    ),
    "The file is empty.": "Tệp trống.",
    "Fill it in, or delete it; an empty file never means 'none'.": (
        "Ghi nội dung, hoặc xoá tệp; tệp trống không có nghĩa là 'không có'."
    ),
    "This is not YAML: {fault}.": "Sai cú pháp YAML: {fault}.",
    "Look here and one line above: spaces to indent and after each colon, quotes around what holds a colon itself.": (
        "Xem dòng này và dòng ngay trên: thụt vào bằng dấu cách, sau dấu hai chấm có một dấu cách, chữ nào có dấu hai "
        "chấm thì đặt trong ngoặc kép."
    ),
    "Here Git left a conflict between two versions.": "Chỗ này Git để lại xung đột giữa hai bản sửa.",
    "Keep the lines that are right, and delete those that begin with '<<<<<<<', '=======' and '>>>>>>>'.": (
        "Giữ lại các dòng đúng, xoá các dòng bắt đầu bằng '<<<<<<<', '=======' và '>>>>>>>'."
    ),
    # What libyaml finds
    "found a tab character where an indentation space is expected": "có phím Tab ở chỗ phải thụt vào bằng dấu cách",
    "found a tab character that violates indentation": "có phím Tab làm sai chỗ thụt dòng",
    "did not find expected comment or line break": "sau giá trị này chỉ được có ghi chú hoặc xuống dòng",
    "found unexpected document indicator": "có dấu '---' hoặc '...' chen vào giữa một giá trị",
    "found unexpected end of stream": "tệp kết thúc khi còn dang dở, thường do thiếu dấu ngoặc kép đóng",
    "found unknown escape character": "sau dấu '\\' là ký tự không dùng được",
    "did not find expected alphabetic or numeric character": "sau dấu '&' hoặc '*' phải là chữ cái hoặc chữ số",
    "block sequence entries are not allowed in this context": "dấu '- ' không được đứng ở đây",
    "mapping keys are not allowed in this context": "khoá không được đứng ở đây",
    "mapping values are not allowed in this context": "dấu hai chấm không được đứng ở đây",
    "found character that cannot start any token": "ký tự này (có thể là phím Tab) không được đứng đầu một giá trị",
    "did not find expected <document start>": "thiếu dòng '---' trước phần này",
    "did not find expected node content": "thiếu giá trị",
    "did not find expected ',' or ']'": "thiếu dấu ',' hoặc ']'",
    "did not find expected '-' indicator": "thiếu dấu '- ' ở đầu mục, hoặc thụt dòng lệch",
    "did not find expected ',' or '}'": "thiếu dấu ',' hoặc '}'",
    "could not find expected ':'": "thiếu dấu hai chấm",
    "found unexpected ':'": "có dấu hai chấm thừa",
    "did not find expected key": "thụt dòng lệch, thiếu khoá, hoặc có chữ thừa sau dấu ngoặc kép đóng",
    "but found another document": "tệp có hơn một văn bản YAML (hơn một dòng '---')",
    "found undefined alias": "dấu '*' chỉ tới một tên chưa được đặt bằng '&'",
    "second occurrence": "tên đặt bằng '&' bị lặp lại",
    # Keys and values
    "Here should be keys with values, such as '{example}'.": "Ở đây phải là các khoá kèm giá trị, ví dụ '{example}'.",
    "Write 'key: value' on lines of its own.": "Ghi mỗi 'khoá: giá trị' trên một dòng.",
    "Here should be a list.": "Ở đây phải là một danh sách.",
    "Write each item on a line of its own, after '- '.": "Ghi mỗi mục trên một dòng, sau dấu '- '.",
    "Here should be one value, not several.": "Ở đây chỉ được có một giá trị.",
    "Write {wanted}.": "Ghi {wanted}.",
    "The key '{key}' is not known here.": "Ở đây không có khoá '{key}'.",
    "{hint}": "{hint}",
    "The key '{key}' is missing.": "Thiếu khoá '{key}'.",
    "Add '{key}: …': {wanted}.": "Thêm '{key}: …': {wanted}.",
    "The key '{key}' stands here a second time; the first is on line {line}.": (
        "Khoá '{key}' bị lặp lại; lần đầu ở dòng {line}."
    ),
    "Keep one of the two.": "Giữ lại một trong hai.",
    "There is no value here.": "Chỗ này chưa có giá trị.",
    "Write {wanted}, or remove the key; empty never means 'none'.": (
        "Ghi {wanted}, hoặc bỏ khoá đi; để trống không có nghĩa là 'không có'."
    ),
    "This list is empty.": "Danh sách này trống.",
    "Name at least one, or remove the key; empty never means 'none'.": (
        "Ghi ít nhất một mục, hoặc bỏ khoá đi; để trống không có nghĩa là 'không có'."
    ),
    "'{value}' is not {wanted}.": "'{value}' không phải là {wanted}.",
    "'{value}' is not a day.": "'{value}' không phải là ngày.",
    "Write it as year-month-day, for example 2026-09-01.": "Ghi theo thứ tự năm-tháng-ngày, ví dụ 2026-09-01.",
    "The tag '{tag}' is not read here.": "Ở đây không dùng thẻ '{tag}'.",
    "Remove it and write the plain value.": "Bỏ thẻ, chỉ ghi giá trị.",
    "'{value}' is Unicode, but its accents are stored apart from their letters (not NFC, TCVN 6909:2001).": (
        "'{value}' là Unicode tổ hợp: dấu được lưu rời khỏi chữ (không phải NFC, TCVN 6909:2001)."
    ),
    "Type it again, or write the composed form: {composed}.": "Gõ lại bằng Unicode dựng sẵn: {composed}.",
    "'{value}' begins or ends with a space, or holds a double space or an invisible character.": (
        "'{value}' có dấu cách ở đầu hoặc cuối, hai dấu cách liền nhau, hoặc ký tự ẩn."
    ),
    "Type it again with single spaces.": "Gõ lại, giữa hai chữ chỉ để một dấu cách.",
    "Did you mean '{word}'?": "Có phải ý định ghi là '{word}'?",
    "Known here: {words}.": "Ở đây có: {words}.",
    "None is known here.": "Ở đây chưa có mục nào.",
    "Write a whole number from {least} to {most}.": "Ghi một số nguyên từ {least} đến {most}.",
    "true or false": "true hoặc false",
    "Write one of the two words.": "Ghi một trong hai chữ ấy.",
    "{key}: …": "{key}: …",
    "Correct it.": "Sửa lại cho đúng.",
    # Names and addresses
    "'{name}' looks like text from an old font (TCVN3 or VNI): '{offender}' is not Vietnamese in Unicode.": (
        "'{name}' có vẻ được gõ bằng phông cũ (TCVN3/ABC hoặc VNI): '{offender}' không phải tiếng Việt Unicode."
    ),
    "{hint} Convert the text to Unicode, or type it again.": "{hint} Chuyển sang Unicode, hoặc gõ lại.",
    "It most likely says '{words}'.": "Có lẽ là '{words}'.",
    "'{name}' cannot be a person's name: '{offender}' does not belong in one.": (
        "'{name}' không thể là họ tên: '{offender}' không dùng trong họ tên."
    ),
    "{hint} Write family name, middle names and given name, in letters only.": (
        "{hint} Ghi họ, chữ đệm và tên, chỉ dùng chữ cái."
    ),
    "The form '{form}' does not make addresses: {fault}.": "Mẫu '{form}' không tạo ra địa chỉ: {fault}.",
    "Use one '@', {{n}} once before it, and the parts {parts}.": (
        "Dùng một dấu '@', trước đó có {{n}} một lần, và các thành phần {parts}."
    ),
    "The form '{form}' does not make domains: {fault}.": "Mẫu '{form}' không tạo ra tên miền: {fault}.",
    "Use the parts {parts}.": "Dùng các thành phần {parts}.",
    "'{form}' does not tell namesakes apart: {fault}.": "'{form}' không phân biệt được người trùng tên: {fault}.",
    "Use {{letter}} for a, b, c …, {{number}} for 2, 3, 4 …, or {{unit}} for the unit's code.": (
        "Dùng {{letter}} cho a, b, c…, {{number}} cho 2, 3, 4…, hoặc {{unit}} cho mã đơn vị."
    ),
    "it needs one '@' and, before it, one {n} to tell namesakes apart": (
        "phải có một dấu '@', trước đó có một {n} để phân biệt người trùng tên"
    ),
    "it gives '{filled}'": "mẫu cho ra '{filled}'",
    "the last one needs {letter} or {number}, and not {unit}, so that there is no end of them": (
        "mẫu cuối phải có {letter} hoặc {number} mà không có {unit}, để bao giờ cũng còn địa chỉ"
    ),
    "its braces do not match": "các dấu ngoặc nhọn không khớp nhau",
    "'{part}' is not a part": "không có thành phần '{part}'",
    "Nothing comes to this rule: the one before it is for all.": (
        "Quy tắc này không bao giờ được dùng tới: quy tắc trước nó đã áp dụng cho tất cả."
    ),
    "Put the rules with 'kinds', 'agencies' or 'titles' first, and the one without them last.": (
        "Đặt các quy tắc có 'kinds', 'agencies' hoặc 'titles' lên trước, quy tắc không có các khoá ấy xuống cuối."
    ),
    "The last rule is not for all, so that some would have none.": (
        "Quy tắc cuối không áp dụng cho tất cả, nên có trường hợp không có quy tắc nào."
    ),
    "Add a rule without 'kinds', 'agencies' and 'titles' at the end.": (
        "Thêm vào cuối một quy tắc không có 'kinds', 'agencies' và 'titles'."
    ),
    "'{name}' cannot be a folder here: another one has that name, or it has a '/' or begins with '.' or '~'.": (
        "Không dùng được '{name}' làm tên thư mục: trùng tên thư mục khác, có dấu '/', hoặc bắt đầu bằng '.' hay '~'."
    ),
    "Choose another name.": "Chọn tên khác.",
    "The unit's mailbox has no 'account', and policy.yml has no 'unit_addresses' to make one.": (
        "Hộp thư của đơn vị không có 'account', mà policy.yml cũng không có 'unit_addresses' để đặt địa chỉ."
    ),
    "Add the regulation's rule there, or an account here.": (
        "Thêm quy tắc của quy chế vào đó, hoặc ghi 'account' ở đây."
    ),
    "There are shared folders, but policy.yml does not say what may be done in them.": (
        "Có thư mục dùng chung, nhưng policy.yml không quy định ai được làm gì trong đó."
    ),
    "Add 'shared_folders' there, with the regulation's article.": (
        "Thêm 'shared_folders' vào đó, kèm điều khoản của quy chế."
    ),
    "The list has no 'account', and policy.yml has no 'list_addresses' to make one.": (
        "Danh sách thư không có 'account', mà policy.yml cũng không có 'list_addresses' để đặt địa chỉ."
    ),
    "No address can be made for {holder}: before the '@' it would have more than 64 characters.": (
        "Không đặt được địa chỉ cho {holder}: phần trước '@' dài quá 64 ký tự."
    ),
    "Shorten the form in policy.yml, or the code that it uses.": "Rút ngắn mẫu trong policy.yml, hoặc mã mà mẫu dùng.",
    "'{zone}' is not a time zone.": "'{zone}' không phải là múi giờ.",
    "Write a name of the IANA list, for example Asia/Ho_Chi_Minh.": (
        "Ghi một tên trong danh sách của IANA, ví dụ Asia/Ho_Chi_Minh."
    ),
    "The given name '{given}' is not a part of the name.": "Tên gọi '{given}' không có trong họ tên.",
    "Write the word, or the words side by side, by which the person is called.": (
        "Ghi chữ, hoặc các chữ liền nhau, dùng làm tên gọi."
    ),
    "'{word}' stands for '{other}' already.": "'{word}' đã dùng cho '{other}'.",
    "A word has one meaning: keep it in one place.": "Mỗi chữ chỉ có một nghĩa: giữ lại ở một chỗ.",
    # References
    "The file is called {file}, but the agency's code is '{code}'.": "Tên tệp là {file}, nhưng mã cơ quan là '{code}'.",
    "Rename the file to {code}.yml, or correct the code.": "Đổi tên tệp thành {code}.yml, hoặc sửa mã.",
    "This agency has no unit '{unit}'.": "Cơ quan này không có đơn vị '{unit}'.",
    "There is no agency '{parent}'.": "Không có cơ quan '{parent}'.",
    "The agency is its own parent: {chain}.": "Cơ quan thành cấp trên của chính mình: {chain}.",
    "Remove one of these parents.": "Bỏ 'parent' của một trong các cơ quan này.",
    "'{person}' is not among this agency's people.": "'{person}' không có trong danh sách cán bộ của cơ quan này.",
    "Whoever acts for the agency belongs to it: add the person here, or name somebody else. {hint}": (
        "Người thay mặt cơ quan phải thuộc cơ quan: thêm người ấy vào đây, hoặc chọn người khác. {hint}"
    ),
    "Nobody in the registry has the id '{person}'.": "Trong sổ đăng ký không có ai mang số hiệu '{person}'.",
    "Correct the id, or add the person's post.": "Sửa số hiệu, hoặc ghi chức vụ của người ấy.",
    "{person} has no main post on {since}, when this second one begins.": (
        "{person} không giữ chức vụ chính nào vào ngày {since}, khi bắt đầu chức vụ thứ hai này."
    ),
    "Write the main post too, or remove 'kind' here if this is it.": (
        "Ghi thêm chức vụ chính, hoặc bỏ 'kind' ở đây nếu đây là chức vụ chính."
    ),
    "'{person}' has no post in this agency on any of these days.": (
        "'{person}' không giữ chức vụ nào tại cơ quan này trong những ngày ấy."
    ),
    "Correct the days here, or those of the post at {other}.": "Sửa ngày ở đây, hoặc ngày của chức vụ ở {other}.",
    "'{uid}' is already {other}.": "'{uid}' đã là {other}.",
    "a mailbox at {place}": "một hộp thư, ở {place}",
    "Mail homes are named by it, so it must be the only one: choose another.": (
        "Kho thư được đặt tên theo mã này nên không được trùng: chọn mã khác."
    ),
    "There is a list '{uid}' already, at {other}.": "Đã có danh sách thư '{uid}', ở {other}.",
    "Choose another code: the list of an agency is called by both codes.": (
        "Chọn mã khác: tên danh sách thư của cơ quan gồm mã cơ quan và mã danh sách."
    ),
    "There is no shared mailbox '{mailbox}'.": "Không có hộp thư dùng chung '{mailbox}'.",
    "Write its name, such as snv or snv-vp. {hint}": "Ghi mã hộp thư, ví dụ snv hoặc snv-vp. {hint}",
    "Nobody there has or had the title '{title}'.": "Ở đó chưa từng có ai giữ chức vụ '{title}'.",
    "Write it as it stands in the posts. {hint}": "Ghi đúng như trong các mục chức vụ. {hint}",
    "It is not said which agency's unit this is.": "Chưa rõ đây là đơn vị của cơ quan nào.",
    "Add 'agency: …' with the agency's code.": "Thêm 'agency: …' với mã cơ quan.",
    "The unit '{unit}' has no mailbox, so nobody has a role in it.": (
        "Đơn vị '{unit}' không có hộp thư, nên không ai giữ vai trò gì trong đó."
    ),
    "Give the unit a 'mailbox', or name the unit alone, with a 'title' if need be.": (
        "Lập hộp thư ('mailbox') cho đơn vị, hoặc chỉ ghi đơn vị, cần thì thêm chức vụ ('title')."
    ),
    "It must be said in one way who is meant.": "Phải ghi rõ là những ai, theo một cách duy nhất.",
    "Give one person, mailbox or circle alone; or of 'agency', 'kind', 'unit', 'title', 'role' what is to be met.": (
        "Chỉ ghi một người, một hộp thư hoặc một nhóm; nếu không thì ghi những điều kiện phải có đủ trong số 'agency', "
        "'kind', 'unit', 'title', 'role'."
    ),
    "The number {number} already belongs to {other}.": "Số thứ tự {number} đã là của {other}.",
    "Give each agency its own number in the list.": "Mỗi cơ quan có một số thứ tự riêng trong danh sách.",
    # Days
    "The end, {until}, is not after the beginning, {since}.": "Ngày kết thúc {until} không sau ngày bắt đầu {since}.",
    "'until' is the first day on which it no longer holds: correct one of the two.": (
        "'until' là ngày đầu tiên không còn hiệu lực: sửa một trong hai ngày."
    ),
    "the beginning": "lúc đầu",
    "{person} would hold two posts at once, from {since}; the other is at {other}.": (
        "Từ {since}, {person} giữ hai chức vụ cùng lúc; chức vụ kia ở {other}."
    ),
    "End the earlier post with 'until: {since}', or correct the days; another person needs another id.": (
        "Kết thúc chức vụ trước bằng 'until: {since}', hoặc sửa ngày; nếu là người khác thì dùng số hiệu khác."
    ),
    "This change changes nothing.": "Mục này không thay đổi gì.",
    "Add what is different from that day on: {keys}.": "Ghi điều thay đổi từ ngày ấy: {keys}.",
    "The change on {since} does not come after {after}{before}.": (
        "Thay đổi ngày {since} không sau mốc {after}{before}."
    ),
    ", or not before {day}": ", hoặc không trước mốc {day}",
    "Write changes in the order of their days, each after the first day and before the last.": (
        "Ghi các thay đổi theo thứ tự ngày, sau ngày bắt đầu và trước ngày kết thúc."
    ),
    "The leave is not within the post, or meets another one.": (
        "Kỳ nghỉ không nằm trong thời gian giữ chức vụ, hoặc chồng lên kỳ nghỉ khác."
    ),
    "Correct its days: the post begins on {since}{until}.": "Sửa ngày: chức vụ bắt đầu ngày {since}{until}.",
    ", and ends on {day}": ", kết thúc ngày {day}",
    "{person} cannot stand in for the own person.": "{person} không thể tự thay chính mình.",
    "Name the deputy who acts meanwhile, or remove 'deputy'.": "Ghi cấp phó thay trong thời gian ấy, hoặc bỏ 'deputy'.",
    "The days of this deputy are not within the leave, or meet those of another deputy.": (
        "Những ngày thay của cấp phó này không nằm trong kỳ đi vắng, hoặc chồng lên ngày của cấp phó khác."
    ),
    "Correct the days: the leave begins on {since}{until}, and one deputy stands in at a time.": (
        "Sửa ngày: kỳ đi vắng bắt đầu ngày {since}{until}; mỗi lúc chỉ một cấp phó thay."
    ),
    "{person} is head of no mailbox here on these days, so nobody can stand in.": (
        "Vào những ngày này {person} không đứng đầu hộp thư nào ở đây, nên không có gì để thay."
    ),
    "Remove 'deputy', or correct the days of the leave or of the 'head'.": (
        "Bỏ 'deputy', hoặc sửa ngày của kỳ đi vắng hay của 'head'."
    ),
    "A deputy stands in for a head, but policy.yml does not say what that allows.": (
        "Có cấp phó thay thủ trưởng đi vắng, nhưng policy.yml không định người thay được làm gì."
    ),
    "Add 'standing_in' there, with the regulation's article.": (
        "Thêm 'standing_in' vào đó, kèm điều, khoản của quy chế."
    ),
    "It says why the post ends, but not when.": "Có lý do thôi giữ chức vụ, nhưng không có ngày.",
    "Add 'until: …', the first day after it.": "Thêm 'until: …', ngày đầu tiên không còn giữ chức vụ.",
    "It ends on {until}, but no decision says so.": "Kết thúc ngày {until}, nhưng không có quyết định.",
    "Add 'until_decision: …' with the decision's number and issuer.": (
        "Thêm 'until_decision: …' với số, ký hiệu của quyết định."
    ),
    "There is a successor, but no day from which on.": "Có cơ quan kế thừa, nhưng không có ngày.",
    "Add 'until: …', the first day without this agency, and 'until_decision: …'.": (
        "Thêm 'until: …', ngày đầu tiên không còn cơ quan này, và 'until_decision: …'."
    ),
    "There is no agency '{successor}' to take over.": "Không có cơ quan '{successor}' để kế thừa.",
    "The successor '{successor}' does not exist on {until}.": (
        "Cơ quan kế thừa '{successor}' không tồn tại vào ngày {until}."
    ),
    "Name an agency that exists then, or correct its days at {other}.": (
        "Chọn cơ quan tồn tại vào ngày ấy, hoặc sửa ngày của cơ quan đó ở {other}."
    ),
    "{count} would still have posts here on {until}, when the agency no longer exists: {who}.": (
        "Ngày {until} cơ quan không còn nữa, mà {count} người vẫn giữ chức vụ ở đây: {who}."
    ),
    "Name the 'successor', end the posts, or write their next posts in the agencies that they go to.": (
        "Ghi cơ quan kế thừa ('successor'), kết thúc các chức vụ ấy, hoặc ghi chức vụ mới ở cơ quan tiếp nhận."
    ),
    "{person} has a post here from {since}, when the agency {fault}.": (
        "{person} giữ chức vụ ở đây từ {since}, nhưng cơ quan {fault}."
    ),
    "does not exist before {day}": "chưa tồn tại trước ngày {day}",
    "no longer exists since {day}": "không còn từ ngày {day}",
    "Correct the day, or the agency's at {other}.": "Sửa ngày ở đây, hoặc ngày của cơ quan ở {other}.",
    "It must be said once whose this is.": "Phải ghi rõ, và chỉ một lần, quyền này là của ai.",
    "Give one of 'person', 'unit' and 'agency'.": "Ghi một trong 'person', 'unit', 'agency'.",
    "There is not one of several ways here.": "Ở đây phải ghi đúng một trong vài cách.",
    "Give one of {kinds}, and one alone.": "Ghi một, và chỉ một, trong {kinds}.",
    "'{source}' is no text or expression of Jinja: {fault}.": (
        "'{source}' không phải văn bản hay biểu thức Jinja: {fault}."
    ),
    "There would be two heads at once, from {since}; the other is at {other}.": (
        "Từ {since} có hai người đứng đầu cùng lúc; người kia ở {other}."
    ),
    "End the earlier one with 'until: {since}'.": "Kết thúc người trước bằng 'until: {since}'.",
    "'{person}' is named a second time for the same days; the first is at {other}.": (
        "'{person}' được ghi hai lần cho cùng những ngày ấy; lần đầu ở {other}."
    ),
    "Keep one of the two: the stronger role includes the weaker.": (
        "Giữ lại một: vai trò cao hơn đã gồm quyền của vai trò thấp hơn."
    ),
    "{person} is '{name}' here, but '{other_name}' at {other}.": (
        "{person} ở đây là '{name}', nhưng ở {other} là '{other_name}'."
    ),
    "One id is one person: correct the id, or write the same name in both places.": (
        "Mỗi số hiệu là một người: sửa số hiệu, hoặc ghi hai nơi cùng một họ tên."
    ),
    "There is a decision that ends the post, but no day.": "Có quyết định kết thúc, nhưng không có ngày.",
    "It says who may read the mail that is kept, but not when the post ends.": (
        "Có người được đọc thư còn giữ, nhưng không có ngày thôi giữ chức vụ."
    ),
    "Add 'until: …', the first day after it, and 'until_decision: …'.": (
        "Thêm 'until: …', ngày đầu tiên không còn giữ chức vụ, và 'until_decision: …'."
    ),
    "A second post leaves no mail behind when it ends.": (
        "Thôi biệt phái, kiêm nhiệm không để lại thư nào: hộp thư vẫn theo chức vụ chính."
    ),
    "Remove 'successor' here, or write it at the end of the main post.": (
        "Bỏ 'successor' ở đây, hoặc ghi vào chức vụ chính khi chức vụ ấy kết thúc."
    ),
    "{person} cannot be the one to read the own mail after leaving.": (
        "Không thể giao cho chính {person} đọc thư của mình sau khi thôi việc."
    ),
    "Name somebody else as the 'successor', or remove it: without one nobody reads the mail.": (
        "Ghi người khác vào 'successor', hoặc bỏ dòng ấy đi: không ghi thì không ai đọc được thư."
    ),
    "'{person}' holds no post on any of the days on which this mail is kept for reading: {days}.": (
        "'{person}' không giữ chức vụ nào trong những ngày được đọc thư này: {days}."
    ),
    "Correct the days here, or name somebody who is in office then.": (
        "Sửa ngày ở đây, hoặc ghi một người đang công tác trong những ngày ấy."
    ),
    "there is no such day": "không có ngày nào",
    "from {since} on": "từ {since} trở đi",
    "from {since}, and no longer on {until}": "từ {since}, đến trước {until}",
    "There is no person and no shared mailbox '{id}' whose mail could be kept.": (
        "Không có cán bộ hay hộp thư dùng chung nào là '{id}' để giữ thư."
    ),
    "Correct the id; a hold stays written when it has ended.": (
        "Sửa lại số hiệu hoặc mã; lệnh giữ đã hết hạn vẫn để nguyên, không xoá."
    ),
    "The mail of '{id}' is removed on {day}, before this hold begins.": (
        "Thư của '{id}' bị xoá từ ngày {day}, trước khi lệnh giữ này bắt đầu."
    ),
    "If it is still there, let the hold begin on {day} or before, and plan at once.": (
        "Nếu thư vẫn còn, cho lệnh giữ bắt đầu từ ngày {day} hoặc sớm hơn, rồi chạy kế hoạch ngay."
    ),
    # The lock
    "'{key}' is claimed twice; the first claim is on line {line}.": "'{key}' được cấp hai lần; lần đầu ở dòng {line}.",
    "An address belongs to one holder for ever: remove the newer line, then run playbooks/allocate.yml.": (
        "Một địa chỉ mãi mãi thuộc về một chủ: bỏ dòng mới hơn, rồi chạy playbooks/allocate.yml."
    ),
    "The account {address} is already {whose}, at {other}.": "Tài khoản {address} đã là {whose}, ở {other}.",
    "the {standing} address of {holder}": "địa chỉ {standing} của {holder}",
    "primary": "chính",
    "alias": "phụ (alias)",
    "retired": "đã thôi dùng (retired)",
    "person {id}": "cán bộ {id}",
    "mailbox {id}": "hộp thư {id}",
    "list {id}": "danh sách thư {id}",
    "An address belongs to one holder for ever: choose another account.": (
        "Một địa chỉ mãi mãi thuộc về một chủ: chọn tài khoản khác."
    ),
    "'{domain}' is not a domain of this estate.": "'{domain}' không phải tên miền của hệ thống này.",
    "Use {domains} or a domain below; or add it to 'domains' in estate.yml.": (
        "Dùng {domains} hoặc một tên miền con; hoặc thêm vào 'domains' trong estate.yml."
    ),
    "'{local}' stands after '{before}'.": "'{local}' đứng sau '{before}'.",
    "Keep the lines sorted, so that two changes which claim one address meet: move this line up.": (
        "Giữ các dòng theo thứ tự, để hai bản sửa cùng lấy một địa chỉ thì gặp nhau: chuyển dòng này lên trên."
    ),
    "There is no {holder} in the registry.": "Trong sổ đăng ký không có {holder}.",
    "Bring the entry back; or, if it is gone for good, mark this line 'retired': it is never deleted.": (
        "Ghi lại mục ấy; nếu đã bỏ hẳn thì đánh dấu dòng này 'retired', không bao giờ xoá."
    ),
    "{holder} has no address in the lock.": "Sổ địa chỉ chưa có địa chỉ của {holder}.",
    "Run playbooks/allocate.yml and commit what it adds to addresses/.": (
        "Chạy playbooks/allocate.yml rồi lưu vào Git những dòng được thêm trong addresses/."
    ),
    "{holder} is to have another address from {since}, and the lock has none.": (
        "Từ {since}, {holder} có địa chỉ khác, mà sổ địa chỉ chưa có."
    ),
    "The lock gives {holder} this address from {since}, but the registry says {due}.": (
        "Sổ địa chỉ cấp địa chỉ này cho {holder} từ {since}, nhưng sổ đăng ký ghi {due}."
    ),
    "Write 'since {due}' here, or correct the day at {other}.": "Ghi 'since {due}' ở đây, hoặc sửa ngày ở {other}.",
    "The lock gives {holder} this address from {since}, but nothing in the registry changes on that day.": (
        "Sổ địa chỉ cấp địa chỉ này cho {holder} từ {since}, nhưng ngày ấy sổ đăng ký không có gì thay đổi."
    ),
    "Bring the change back, or, if it was withdrawn, mark this line 'retired'.": (
        "Ghi lại thay đổi ấy; nếu đã thôi không thay đổi nữa thì đánh dấu dòng này 'retired'."
    ),
    "{holder} already gets the address {other} from the same day.": (
        "Cùng ngày ấy, {holder} đã được cấp địa chỉ {other}."
    ),
    "Keep one of the two, and mark the other 'alias' or 'retired'.": (
        "Giữ lại một địa chỉ, địa chỉ kia đánh dấu 'alias' hoặc 'retired'."
    ),
    "The account is {account}, but the lock gives {holder} the address {address}, at {other}.": (
        "Tài khoản ghi là {account}, nhưng sổ địa chỉ cấp cho {holder} địa chỉ {address}, ở {other}."
    ),
    "Correct the account here; or mark that line 'alias' and run playbooks/allocate.yml.": (
        "Sửa 'account' ở đây; hoặc đánh dấu dòng kia 'alias' rồi chạy playbooks/allocate.yml."
    ),
    # A model regulation and what fills it
    "Nothing fills the blank '{blank}'.": "Không có gì để điền vào chỗ trống '{blank}'.",
    "The blank '{blank}' would be filled with itself.": "Chỗ trống '{blank}' lại được điền bằng chính nó.",
    "Say it without the blank, in 'blanks' of {model}.": "Ghi mà không dùng chỗ trống ấy, trong 'blanks' của {model}.",
    "This line looks like a heading, but like none that a document has.": (
        "Dòng này có dạng tiêu đề, nhưng văn bản không có tiêu đề nào như vậy."
    ),
    "Write '# …', '## …', '### Chương I. …', '#### Điều 1. …' or '**Điều 1.** …'; or close the asterisks.": (
        "Ghi '# …', '## …', '### Chương I. …', '#### Điều 1. …' hoặc '**Điều 1.** …'; hoặc đóng các dấu sao."
    ),
    "No kind of agency that {model} knows begins the name '{name}', and {place} needs it.": (
        "Tên '{name}' không bắt đầu bằng loại cơ quan nào có trong {model}, mà {place} cần đến."
    ),
    "Add the first words of the name to 'sorts' there.": "Thêm những chữ đầu của tên vào 'sorts' trong tệp ấy.",
    "The agency has no 'parent', and {place} names it.": "Cơ quan không có 'parent', mà {place} nêu tên cấp trên.",
    "Add 'parent: …' with the code of that agency.": "Thêm 'parent: …' với mã của cơ quan cấp trên.",
    "Nobody with a post here is head of '{code}' on {day}, and {place} speaks of the head.": (
        "Ngày {day}, không có ai giữ chức vụ ở đây là người đứng đầu '{code}', mà {place} nhắc đến người đứng đầu."
    ),
    "Name the head, also for the time being; or choose another day with as_of.": (
        "Ghi người đứng đầu, kể cả người tạm phụ trách; hoặc chọn ngày khác bằng as_of."
    ),
    "The head's title '{title}' is none that {model} knows, and {place} needs it.": (
        "Chức vụ '{title}' của người đứng đầu không có trong {model}, mà {place} cần đến."
    ),
    "Correct the title, or add it to 'heads' there.": "Sửa chức vụ, hoặc thêm vào 'heads' trong tệp ấy.",
    "No unit here does the office's work, and {place} needs one.": (
        "Cơ quan không có đơn vị nào làm nhiệm vụ văn phòng, mà {place} cần đến."
    ),
    "Put the clerk (văn thư) into a unit; or add the unit's first words to 'offices' in {model}.": (
        "Ghi đơn vị của văn thư; hoặc thêm những chữ đầu của tên đơn vị vào 'offices' trong {model}."
    ),
    "{model} does not say what the head of '{unit}' is called, and {place} needs it.": (
        "{model} không cho biết người đứng đầu '{unit}' gọi là gì, mà {place} cần đến."
    ),
    "Add the unit's first words to 'heads' of 'offices' there.": (
        "Thêm những chữ đầu của tên đơn vị vào 'heads' của 'offices' trong tệp ấy."
    ),
    "'{unit}' has no mailbox, and {place} lists one for each unit.": (
        "'{unit}' chưa có hộp thư, mà {place} liệt kê hộp thư của từng đơn vị."
    ),
    "Add 'mailbox' with its head, and run playbooks/allocate.yml.": (
        "Thêm 'mailbox' với người phụ trách, rồi chạy playbooks/allocate.yml."
    ),
    # Protected accounts and overrides
    "There is no person and no shared mailbox '{id}' to protect.": (
        "Không có cán bộ hay hộp thư dùng chung nào mang mã '{id}' để bảo vệ."
    ),
    "Correct the id, or remove it here; the agencies' own mailboxes and admin accounts are protected without it.": (
        "Sửa mã, hoặc bỏ mục này; hộp thư và tài khoản quản trị của cơ quan được bảo vệ mà không cần ghi."
    ),
    "This override lifts nothing since {expires}, and today is {today}.": (
        "Phép vượt này hết hiệu lực từ {expires}; hôm nay là {today}."
    ),
    "Look at the plan again. If it is still meant, write a new override, have it reviewed and merged.": (
        "Xem lại kế hoạch. Nếu vẫn đúng ý thì viết phép vượt mới, đưa duyệt và hợp nhất."
    ),
    "This override would hold until {expires}: {days} days after {day} are the most.": (
        "Phép vượt này ghi hiệu lực đến {expires}: không được quá {days} ngày kể từ {day}."
    ),
    "Write 'expires: {latest}' or an earlier day.": "Ghi 'expires: {latest}' hoặc một ngày sớm hơn.",
    "Git does not have this override as it stands here.": "Git chưa có phép vượt này đúng như tệp ở đây.",
    "Commit it, have it reviewed and merged, and apply from a checkout of that.": (
        "Commit, đưa duyệt, hợp nhất, rồi thực hiện từ bản đã hợp nhất."
    ),
    "This override is for the plan {plan}, and this is {this}.": (
        "Phép vượt này dành cho kế hoạch {plan}, còn đây là {this}."
    ),
    "Apply the plan that was reviewed. If that one is stale, have the new one reviewed.": (
        "Hãy thực hiện đúng kế hoạch đã duyệt. Nếu kế hoạch ấy đã cũ thì đưa duyệt kế hoạch mới."
    ),
    # Who may change what
    "Nobody among the people of this file is called '{login}'.": "Mục 'people' của tệp này không có ai tên '{login}'.",
    "There is no agency '{code}' whose changes could be approved.": "Không có cơ quan '{code}' nào để duyệt.",
    "'{address}' is no person's address in the lock.": (
        "Trong sổ địa chỉ, '{address}' không phải địa chỉ của cán bộ nào."
    ),
    "Write the official address of '{login}': changes are asked for from an official mailbox alone.": (
        "Ghi địa chỉ thư công vụ của '{login}': chỉ nhận đề nghị gửi từ hộp thư công vụ."
    ),
    "This key is that of '{other}' too.": "Khoá này cũng là khoá của '{other}'.",
    "Give each a key of their own: it says who signed.": "Mỗi người một khoá riêng: nhìn khoá mới biết ai đã ký.",
    "'{login}' has no key, and commits are signed.": "'{login}' chưa có khoá, trong khi mọi thay đổi đều phải ký.",
    "Add 'keys', or write 'signed: false'.": "Ghi thêm 'keys', hoặc ghi 'signed: false'.",
    "'{login}' approves, and holds no post on {day} ({holder}).": (
        "'{login}' có quyền duyệt mà không còn giữ chức vụ nào vào ngày {day} ({holder})."
    ),
    "Name whoever took over, and remove '{login}' from this file.": ("Ghi người thay, và bỏ '{login}' khỏi tệp này."),
    "a name by which the Git server knows somebody": "tên đăng nhập trên máy chủ Git",
    "an SSH public key, as a file .pub has it": "khoá công khai SSH, như trong tệp .pub",
    "For example 'ssh-ed25519 AAAA… nguyenvanan@thuathienhue.gov.vn'.": (
        "Ví dụ 'ssh-ed25519 AAAA… nguyenvanan@thuathienhue.gov.vn'."
    ),
    "who may change what in the registry": "ai được sửa gì trong sổ đăng ký",
    "who may change everything, and approves what is shared": "ai được sửa mọi tệp và duyệt những gì dùng chung",
    "whoever changes or approves something, by the name at the Git server": (
        "những người sửa hoặc duyệt, theo tên đăng nhập trên máy chủ Git"
    ),
    "somebody who changes or approves something": "một người sửa hoặc duyệt",
    "the keys of the signatures": "các khoá dùng để ký",
    "who may change the file of an agency, besides the province, by the agency's code": (
        "ngoài cấp tỉnh, ai được sửa tệp của từng cơ quan, theo mã cơ quan"
    ),
    "who may change the agency's file": "ai được sửa tệp của cơ quan",
    "whether commits are signed; without it, they are": "mọi thay đổi có phải ký không; không ghi là có",
    "whether another merges than who wrote; without it, another does": (
        "người hợp nhất có phải khác người viết không; không ghi là phải khác"
    ),
    "the keys with which the Git server signs merges that its own rules have approved": (
        "các khoá mà máy chủ Git dùng để ký những lần hợp nhất đã được duyệt theo quy tắc của nó"
    ),
    "Commit {commit} was brought in by {login}, who wrote a part of it: another is to merge it.": (
        "{login} vừa viết vừa hợp nhất commit {commit}: phải để người khác hợp nhất."
    ),
    "Commit {commit} of {address} is not signed with a key that {file} names.": (
        "Commit {commit} của {address} không được ký bằng khoá nào có trong {file}."
    ),
    "Commit {commit} is of {address}, whom {file} does not name.": (
        "Commit {commit} là của {address}, không có tên trong {file}."
    ),
    "Commit {commit} of {login} was made as {address}, and not from the official mailbox {own}.": (
        "Commit {commit} của {login} ghi địa chỉ {address}, không phải hộp thư công vụ {own}."
    ),
    "Commit {commit} changes {path}, which is not for {login} to change.": (
        "Commit {commit} sửa {path}, là tệp mà {login} không được sửa."
    ),
    "Commit {until} does not build on {since}: the branch was written anew.": (
        "Commit {until} không nối tiếp {since}: lịch sử của nhánh đã bị viết lại."
    ),
    "As of commit {commit} there is no {file}: nobody may change anything.": (
        "Tại commit {commit} không có {file}: chưa ai được sửa gì."
    ),
    "As of commit {commit} {file} cannot be read: {fault}": "Tại commit {commit} không đọc được {file}: {fault}",
    "accounts that no plan touches lightly": "các tài khoản được bảo vệ",
    "a protected account": "một tài khoản được bảo vệ",
    "why it is protected": "lý do bảo vệ",
    "leave for one plan to pass safety rails": "phép vượt giới hạn an toàn cho một kế hoạch",
    "the plan's id, or at least 12 characters of its beginning": "mã kế hoạch, ít nhất 12 ký tự đầu",
    "Copy it from the first line that planning prints.": "Chép từ dòng đầu tiên mà lệnh lập kế hoạch in ra.",
    "the rails that it lifts": "các giới hạn được vượt",
    "a rail that an override lifts": "giới hạn có thể cho vượt",
    "why the plan is right as it is": "vì sao kế hoạch đúng như vậy",
    "who answers for it, by name and post": "người chịu trách nhiệm: họ tên, chức vụ",
    "the first day on which it lifts nothing any more": "ngày đầu tiên không còn hiệu lực",
    # Accepted differences from Git
    "leave for a difference from Git to stay": "ngoại lệ: một sai lệch được chấp nhận",
    "a kind of difference": "loại sai lệch",
    "what differs, as the report of differences names it; * stands for anything": (
        "cái gì sai lệch, đúng như báo cáo sai lệch gọi; * thay cho bất kỳ chữ nào"
    ),
    "why it may stay as it is": "vì sao được giữ nguyên",
    "the first day on which it accepts nothing any more": "ngày đầu tiên ngoại lệ không còn hiệu lực",
    "on which host, as the report of differences names it; * stands for any": (
        "ở máy chủ nào, đúng như báo cáo sai lệch gọi; * thay cho mọi máy"
    ),
    "This exception would hold until {expires}: {days} days ahead are the most.": (
        "Ngoại lệ này ghi hiệu lực đến {expires}: không được quá {days} ngày kể từ hôm nay."
    ),
    "Write 'expires: {latest}' or an earlier day, and have it looked at again then.": (
        "Ghi 'expires: {latest}' hoặc một ngày sớm hơn, đến ngày ấy thì xem xét lại."
    ),
    "Git does not have this exception as it stands here.": "Git chưa có ngoại lệ này đúng như tệp ở đây.",
    "Commit it, have it reviewed and merged; until then it accepts nothing.": (
        "Commit, đưa duyệt, hợp nhất; trước đó ngoại lệ chưa có hiệu lực."
    ),
    # What differs from Git
    "not asked: {why}": "chưa hỏi được: {why}",
    "outside --limit: {left}": "ngoài phạm vi được giao xem (--limit): {left}",
    "the directory's configuration": "cấu hình của máy chủ danh bạ",
    "rights and forwards": "quyền trên hộp thư và quy tắc chuyển tiếp",
    "the machine itself": "bản thân máy chủ",
    "it accepts nothing since {day} ({who}); what it is about and is still there: {count}": (
        "hết hiệu lực từ {day} (người duyệt: {who}); số sai lệch thuộc ngoại lệ này còn lại: {count}"
    ),
    "nothing like {kind} {object} was found; it would accept it until {day}": (
        "không thấy sai lệch nào thuộc loại {kind}, {object}; ngoại lệ còn hiệu lực đến {day}"
    ),
    "{what} To mend it: {remedy}": "{what} Cách sửa: {remedy}",
    "{dn} is gone": "mục {dn} không còn",
    "{dn} bears the estate's mark, and the registry does not name it": (
        "mục {dn} mang dấu của hệ thống mà sổ đăng ký không có"
    ),
    "in the directory ≠ in Git: {values}": "trong danh bạ ≠ trong Git: {values}",
    "no role makes it": "không có vai trò (role) nào tạo ra",
    "it runs, and the file does not have it": "đang chạy, mà tệp cấu hình không có",
    "the file has it, and it does not run": "tệp cấu hình có, mà không chạy",
    "another value than in the file: {attributes}": "giá trị khác với tệp cấu hình: {attributes}",
    "{who} has rights there that the registry does not give": "{who} có quyền ở đó mà sổ đăng ký không cho",
    "{who} does not have exactly these rights there: {rights}": "{who} không có đúng các quyền này ở đó: {rights}",
    "it is not there": "không có ở đó",
    "it is not the one that the policy makes": "không phải quy tắc do chính sách đặt ra",
    "{count} more differences are not listed": "còn {count} sai lệch nữa không liệt kê",
    "the rules of {user} ({script}) send letters to {address}": (
        "quy tắc lọc thư của {user} ({script}) chuyển thư đến {address}"
    ),
    "{servers} say: {found}; the estate has: {wanted}": "{servers} trả lời: {found}; hệ thống có: {wanted}",
    "{file} is another key than the zone publishes": "{file} không phải khoá mà tên miền công bố",
    "not as {role} has it ({task})": "không đúng như vai trò {role} đặt ({task})",
    "gone; {role} writes it ({task})": "đã mất; vai trò {role} ghi tệp này ({task})",
    "installed, version {version}; no role names it or needs it": (
        "đã cài, phiên bản {version}; không có vai trò nào nêu tên hay cần đến"
    ),
    "version {version} is in no repository that this machine knows": (
        "phiên bản {version} không có trong kho phần mềm nào của máy này"
    ),
    "held at version {version}": "bị giữ ở phiên bản {version}",
    "{count} packages: {named}": "{count} gói: {named}",
    "neither a role nor a package wrote it": "không do vai trò hay gói phần mềm nào ghi",
    "{program} answers there (unit {unit}), and no door of the firewall is declared for it": (
        "{program} đang nghe ở đó (dịch vụ {unit}), mà tường lửa không khai báo cửa nào cho nó"
    ),
    "number {uid}, shell {shell}": "số {uid}, trình lệnh {shell}",
    "member of {groups}": "thuộc nhóm {groups}",
    "opens {account}, stands in {file} ({comment})": "mở tài khoản {account}, ghi trong {file} ({comment})",
    # Safety rails
    "It is not clear whose {dn} is. {message}": "Chưa rõ {dn} là của ai. {message}",
    "Usually somebody made or copied an account by hand.": "Thường là do có người tạo, sao chép tài khoản bằng tay.",
    "Look at the entry: ldapsearch -b {dn} -s base '*' +": "Xem mục ấy: ldapsearch -b {dn} -s base '*' +",
    "Another estate has its entries here ({theirs}), and {estate} has none.": (
        "Ở đây đã có {theirs} mục của hệ thống khác, còn {estate} chưa có mục nào."
    ),
    "Usually another estate's registry is checked out, or its directory is addressed.": (
        "Thường là do lấy nhầm sổ đăng ký, hoặc nối nhầm danh bạ, của hệ thống khác."
    ),
    "Look at what stands after -i, and at the name in estate.yml.": "Xem phần sau -i và mục name trong estate.yml.",
    "{who} is under legal hold, {why}, and its mail would be removed.": (
        "{who} đang bị phong toả để điều tra, {why}, mà thư sẽ bị xoá."
    ),
    "Planning never asks for this: the plan was not made by it, or the engine is at fault.": (
        "Lệnh lập kế hoạch không bao giờ yêu cầu như vậy: kế hoạch không do lệnh ấy lập ra, hoặc phần mềm có lỗi."
    ),
    "Look at holds.yml, keep the plan file, and report it.": "Xem holds.yml, giữ lại tệp kế hoạch và báo lỗi.",
    "The mail of {who} would be removed, but {fault}.": "Thư của {who} sẽ bị xoá, nhưng {fault}.",
    "it may still sign in or take letters": "tài khoản còn đang hoạt động",
    "its entry does not say until when it is kept": "trong danh bạ không ghi giữ thư đến bao giờ",
    "it is to be kept until {moment}": "thư còn phải giữ đến {moment}",
    "Usually an 'until' has the wrong year, or the term in policy.yml was shortened.": (
        "Thường là do ghi nhầm năm ở 'until', hoặc thời hạn trong policy.yml bị rút ngắn."
    ),
    "Look: git log -p -3 -S'{id}' -- agencies policy.yml": "Xem: git log -p -3 -S'{id}' -- agencies policy.yml",
    "The registry declares nobody; active in the directory: {people}.": (
        "Sổ đăng ký không ghi ai; danh bạ đang có {people} người."
    ),
    "Usually the path of the registry is wrong, or its checkout is not whole.": (
        "Thường là do sai đường dẫn tới sổ đăng ký, hoặc bản sao của sổ không đầy đủ."
    ),
    "Look: git status; git log -3 --stat -- agencies": "Xem: git status; git log -3 --stat -- agencies",
    "The registry declares nobody in {agency}; active in the directory: {people}.": (
        "Sổ đăng ký không ghi ai ở {agency}; danh bạ đang có {people} người."
    ),
    "The registry no longer names {agency}; active there in the directory: {people}.": (
        "Sổ đăng ký không còn cơ quan {agency}; danh bạ đang có {people} người ở đó."
    ),
    "Usually agencies/{agency}.yml lost its lines in a merge.": (
        "Thường là do agencies/{agency}.yml mất hết dòng khi hợp nhất."
    ),
    "Usually agencies/{agency}.yml was deleted, where 'until' should end the agency.": (
        "Thường là do xoá agencies/{agency}.yml, trong khi cơ quan chấm dứt phải ghi bằng 'until'."
    ),
    "Bring them back with passwords and history: ansible-playbook playbooks/restore.yml": (
        "Khôi phục cả mật khẩu và lịch sử: ansible-playbook playbooks/restore.yml"
    ),
    "The directory holds none of the {before} entries that the last apply left there.": (
        "Danh bạ không còn mục nào trong {before} mục của lần thực hiện trước."
    ),
    "Usually slapd runs on an empty database, or this is another server.": (
        "Thường là do slapd chạy trên cơ sở dữ liệu trống, hoặc nhầm máy chủ."
    ),
    "Of the {before} entries that the last apply left in the directory {gone} are gone.": (
        "Danh bạ mất {gone} trong {before} mục của lần thực hiện trước."
    ),
    "Usually somebody deleted a part of the tree, or an old backup was restored.": (
        "Thường là do có người xoá một phần danh bạ, hoặc khôi phục nhầm bản sao lưu cũ."
    ),
    "{who} {act}. Protected: {why}.": "{who} {act}. Được bảo vệ: {why}.",
    "no decision has ended the agency": "chưa có quyết định chấm dứt cơ quan",
    "would lose its mail for good": "sẽ bị xoá thư vĩnh viễn",
    "would be closed": "sẽ bị đóng",
    "would leave its agency": "sẽ chuyển khỏi cơ quan",
    "Usually its lines were lost or changed with those of others.": (
        "Thường là do các dòng của tài khoản này bị mất hoặc bị sửa lẫn với dòng khác."
    ),
    "Look: git log -p -3 -S'{id}' -- agencies": "Xem: git log -p -3 -S'{id}' -- agencies",
    "{who} would go back: the registry no longer cites {decision}, on which it stands.": (
        "{who} sẽ trở lại như trước: sổ đăng ký không còn ghi {decision}, quyết định đang là căn cứ của mục này."
    ),
    "{count} of {agency} would go back, among them {who}: the registry no longer cites the decisions on "
    "which they stand, such as {decision}.": (
        "{count} mục của {agency} sẽ trở lại như trước, trong đó có {who}: sổ đăng ký không còn ghi những quyết định "
        "đang là căn cứ của các mục này, như {decision}."
    ),
    "Usually lines were lost in a merge, or overwritten where a change is to be added.": (
        "Thường là do mất dòng khi hợp nhất, hoặc ghi đè lên dòng cũ thay vì ghi thêm vào 'changes'."
    ),
    "Look: git log -p -3 -S{text}": "Xem: git log -p -3 -S{text}",
    "{count} of {people} people would lose access at once; {allowed} may.": (
        "{count} trong {people} người sẽ mất quyền truy cập cùng lúc; chỉ được {allowed}."
    ),
    "Usually the registry was cut short by a merge, or a wrong branch is checked out.": (
        "Thường là do sổ đăng ký mất phần cuối khi hợp nhất, hoặc nhầm nhánh Git."
    ),
    "{count} of {people} people of {agency} would lose access at once; {allowed} may.": (
        "{count} trong {people} người của {agency} sẽ mất quyền truy cập cùng lúc; chỉ được {allowed}."
    ),
    "Usually agencies/{agency}.yml lost lines in a merge.": "Thường là do agencies/{agency}.yml mất dòng khi hợp nhất.",
    "{count} would be removed for good at once; {allowed} may.": (
        "{count} mục sẽ bị xoá vĩnh viễn cùng lúc; chỉ được {allowed}."
    ),
    "Usually the terms of many end on one day, or the registry lost its units.": (
        "Thường là do nhiều người hết hạn giữ thư cùng ngày, hoặc sổ đăng ký mất các đơn vị."
    ),
    "Look at what the plan purges and deletes, on its page.": "Xem các mục bị xoá trong trang của kế hoạch.",
    "{count} of {entries} entries would be changed at once; {allowed} may.": (
        "{count} trong {entries} mục sẽ thay đổi cùng lúc; chỉ được {allowed}."
    ),
    "Usually policy.yml changed for all, or this is another estate's directory.": (
        "Thường là do policy.yml đổi cho tất cả, hoặc đây là danh bạ của hệ thống khác."
    ),
    "{count} of {entries} entries of {agency} would be changed at once; {allowed} may.": (
        "{count} trong {entries} mục của {agency} sẽ thay đổi cùng lúc; chỉ được {allowed}."
    ),
    "Usually a spreadsheet with shifted columns was taken in, or a merge mixed two agencies up.": (
        "Thường là do nhập bảng tính lệch cột, hoặc hợp nhất lẫn hai cơ quan."
    ),
    "{count} would lose an address or get another at once; {allowed} may.": (
        "{count} mục sẽ mất địa chỉ hoặc đổi địa chỉ cùng lúc; chỉ được {allowed}."
    ),
    "Usually the naming rule changed, the lock was edited, or the former addresses of many end.": (
        "Thường là do đổi quy tắc đặt tên, sửa sổ địa chỉ, hoặc địa chỉ cũ của nhiều người hết hạn cùng lúc."
    ),
    "Addresses would lie in domains that no mail server serves: {domains}.": (
        "Sẽ có địa chỉ thuộc tên miền mà chưa máy chủ thư nào phục vụ: {domains}."
    ),
    "Usually a domain is new: letters to it, and to the addresses it takes over from, would bounce.": (
        "Thường là do tên miền mới: thư gửi đến tên miền ấy, và đến các địa chỉ cũ được thay, sẽ bị trả lại."
    ),
    "Type first: ansible-playbook playbooks/dns.yml, then playbooks/site.yml.": (
        "Chạy trước: ansible-playbook playbooks/dns.yml, rồi playbooks/site.yml."
    ),
    "{count} entries that stood there before would become ours at once; {allowed} may.": (
        "{count} mục có sẵn trong danh bạ sẽ được tiếp nhận cùng lúc; chỉ được {allowed}."
    ),
    "Usually a whole directory is adopted in one go, where agency by agency can be looked through.": (
        "Thường là do tiếp nhận cả danh bạ một lần; nên tiếp nhận từng cơ quan để soát được."
    ),
    "Type: ansible-playbook playbooks/plan.yml -e agency=<code>": (
        "Chạy: ansible-playbook playbooks/plan.yml -e agency=<mã>"
    ),
    "Look: git log -p -3 -- {paths}": "Xem: git log -p -3 -- {paths}",
    "No override lifts it:": "Không phép vượt nào có hiệu lực:",
    "Nothing lifts {rails}: mend what is wrong, then plan again.": (
        "Không gì vượt được {rails}: sửa chỗ sai rồi lập lại kế hoạch."
    ),
    "If it is a mistake, mend it and plan again. If it is meant, have this reviewed and merged:": (
        "Nếu là sai sót: sửa rồi lập lại kế hoạch. Nếu đúng là muốn vậy: đưa duyệt và hợp nhất đoạn dưới đây"
    ),
    "into {file}; then type: {command}": "vào {file}; sau đó chạy: {command}",
    "at the latest {latest}": "muộn nhất là {latest}",
    "Let through by {override}": "Được phép vượt theo {override}",
    # All faults together
    "Faults in the registry {root}: {count}": "Số lỗi trong sổ đăng ký {root}: {count}",
    "{file}: … and {count} more.": "{file}: … và {count} lỗi nữa.",
    "Mend these first: many may have one cause. playbooks/validate.yml shows what is left.": (
        "Sửa những lỗi này trước: nhiều lỗi có thể cùng một nguyên nhân. Sau đó chạy playbooks/validate.yml "
        "để xem còn gì."
    ),
    # What the modules say of a sound registry
    "{agencies} agencies, {units} units, {mailboxes} shared mailboxes, "
    "{people} people ({disabled} disabled, {purged} purged) on {day}.": (
        "Ngày {day}: {agencies} cơ quan, {units} đơn vị, {mailboxes} hộp thư dùng chung, {people} cán bộ "
        "({disabled} người bị khoá, {purged} người đã xoá thư)."
    ),
    "Next dated change: {day}.": "Thay đổi kế tiếp theo ngày đã ghi: {day}.",
    "none": "không có",
    "{file}: nobody is head of {agency} then.": "{file}: khi ấy {agency} không có người đứng đầu.",
    "New addresses: {count}.": "Địa chỉ mới cấp: {count}.",
    # What is coming
    "Nothing changes by itself until {until}.": "Từ nay đến hết ngày {until} không có thay đổi nào tự diễn ra.",
    "agency": "cơ quan",
    "unit": "đơn vị",
    "mailbox": "hộp thư",
    "person": "cán bộ",
    "begins": "bắt đầu",
    "may sign in again": "được đăng nhập trở lại",
    "access ends": "ngừng truy cập",
    "is closed, its mail is kept": "đóng, thư được giữ lại",
    "its mail is purged": "thư hết hạn lưu giữ, được xoá bỏ",
    "ends": "chấm dứt",
    "exists again": "hoạt động trở lại",
    "name": "tên",
    "title": "chức vụ",
    "place": "nơi công tác",
    "address": "địa chỉ",
    "letters to": "nhận thư gửi tới",
    "shared mailboxes": "hộp thư dùng chung",
    "writes as": "gửi thư với tên",
    "lists": "danh sách thư",
    "may write to the lists": "được gửi tới danh sách thư",
    "who may write": "ai được gửi",
    "nothing": "không có",
    "by {decision}": "theo {decision}",
    # A plan, for those who review it
    "Plan {id} for the estate {estate} on {day}": "Kế hoạch {id} cho hệ thống {estate}, ngày {day}",
    "of {scope} alone": "chỉ riêng {scope}",
    "undoes plan {undone}": "huỷ kế hoạch {undone}",
    "Nothing to do: the directory holds nothing that this plan could undo.": (
        "Không có gì phải làm: danh bạ không còn gì để kế hoạch này huỷ."
    ),
    "Not undone: {count}": "Không huỷ được: {count}",
    "REVERT THE REGISTRY TOO, or the next plan does all of it again:": (
        "PHẢI ĐƯA SỔ ĐĂNG KÝ VỀ NHƯ TRƯỚC, nếu không kế hoạch sau sẽ làm lại tất cả:"
    ),
    "The registry's commit is not known: take back by hand what the plan was made from.": (
        "Không rõ commit của sổ đăng ký: tự sửa lại những gì kế hoạch đã dựa vào."
    ),
    "The plan was made from files that were not committed: take them back by hand.": (
        "Kế hoạch dựa vào những tệp chưa commit: tự sửa lại các tệp ấy."
    ),
    "Brought by a day that the registry names: {count}. No commit did that: correct the day.": (
        "Thay đổi do đến ngày ghi trong sổ: {count}. Không do commit nào: sửa lại ngày trong sổ."
    ),
    "registry at {commit}": "sổ đăng ký ở commit {commit}",
    "Changes: {tally}.": "Thay đổi: {tally}.",
    "Nothing to do: the directory is as the registry says ({entries} entries).": (
        "Không có gì phải làm: danh bạ đúng như sổ đăng ký ({entries} mục)."
    ),
    "Time alone changes something next on {day}.": "Thay đổi kế tiếp theo ngày đã ghi: {day}.",
    "The whole plan is in {where}": "Toàn bộ kế hoạch: {where}",
    "To be looked at: its day has not come. Plan for today, and apply that.": (
        "Chỉ để xem: ngày ấy chưa đến. Muốn thực hiện thì lập kế hoạch cho hôm nay."
    ),
    "Apply exactly this: {command}": "Thực hiện đúng kế hoạch này: {command}",
    "STOPPED by a safety rail:": "DỪNG LẠI vì vượt giới hạn an toàn:",
    "Stopped:": "Dừng lại:",
    "Left alone: {tally}": "Để nguyên: {tally}",
    "Remarks": "Lưu ý",
    "Of high risk": "Rủi ro cao",
    "Search: a name, an address, a decision": "Tìm: họ tên, địa chỉ, quyết định",
    "outside all agencies": "ngoài mọi cơ quan",
    "{agency}: {tally}": "{agency} - {tally}",
    "… and {count} more": "… và {count} mục nữa",
    "… and {count} more: {tally}": "… và {count} mục nữa: {tally}",
    "… and {count} more agencies: {tally}": "… và {count} cơ quan nữa: {tally}",
    "{count} to create": "{count} lập mới",
    "{count} to update": "{count} sửa",
    "{count} to move": "{count} chuyển",
    "{count} to disable": "{count} khoá",
    "{count} to adopt": "{count} tiếp nhận",
    "{count} to purge": "{count} xoá hẳn thư",
    "{count} to delete": "{count} xoá",
    "{count} that wait": "{count} mục phải chờ",
    "The registry has done with {id}, but its entry promises to keep the mail: it is purged on {day}.": (
        "Theo sổ đăng ký, {id} đã hết hạn lưu thư, nhưng mục trong danh bạ còn hẹn giữ thư: đến ngày {day} mới xoá."
    ),
    "{count} missing that wait for another agency": "{count} mục chưa có, phải chờ cơ quan khác",
    "{count} adoptable": "{count} mục có thể tiếp nhận",
    "{count} disputed": "{count} mục còn tranh chấp",
    "{count} orphan": "{count} mục không còn trong sổ",
    "{count} foreign": "{count} mục của hệ thống khác",
    "{count} unmanaged": "{count} mục không do hệ thống quản lý",
    "from {old} to {new}": "từ {old} sang {new}",
    "change": "thay đổi",
    "changes": "thay đổi",
    "decision": "quyết định",
    "risk": "rủi ro",
    "cause": "nguyên nhân",
    "source": "nơi ghi trong sổ",
    "low": "thấp",
    "medium": "vừa",
    "high": "cao",
    "commit": "sổ đăng ký được sửa",
    "clock": "đến ngày đã ghi",
    "drift": "danh bạ bị sửa tay",
    "retention": "hết hạn lưu thư",
    "rollback": "huỷ một kế hoạch trước",
    "uncertain": "chưa rõ",
    "admin": "quản trị cơ quan",
    "list": "danh sách thư",
    "full name": "họ và tên",
    "name to search for": "tên để tìm kiếm",
    "name shown": "tên hiển thị",
    "given name": "tên gọi",
    "family name": "họ",
    "quota": "dung lượng (byte)",
    "mail kept until": "giữ thư đến",
    "state": "trạng thái",
    "active": "đang dùng",
    "disabled": "bị khoá",
    "held": "đã đóng, giữ thư",
    "purged": "đã xoá thư",
    "no longer in the registry": "không còn trong sổ đăng ký",
    "the registry was rolled back": "sổ đăng ký được đưa về như trước",
    "estate": "hệ thống",
    "id": "mã trong sổ đăng ký",
    "staff number": "số hiệu cán bộ",
    "members": "thành viên",
    "class of the entry": "loại mục",
    "account": "tài khoản",
    # What a plan remarks
    "linked": "đã gắn",
    "adoptable": "có thể tiếp nhận",
    "missing": "chưa có",
    "orphan": "không còn trong sổ",
    "disputed": "còn tranh chấp",
    "foreign": "của hệ thống khác",
    "unmanaged": "không quản lý",
    "Plan their agencies together, or all.": "Lập kế hoạch chung cho các cơ quan ấy, hoặc cho tất cả.",
    "{id} leaves for {agency}, which this plan is not about. {together}": (
        "{id} chuyển sang {agency}, là cơ quan ngoài kế hoạch này. {together}"
    ),
    "{id} comes from {agency}, which this plan is not about. {together}": (
        "{id} chuyển từ {agency} đến, là cơ quan ngoài kế hoạch này. {together}"
    ),
    "{id} waits: {address} passes between it and {other}, which this plan does not touch. {together}": (
        "{id} phải chờ: địa chỉ {address} chuyển giữa mục này và {other}, mà kế hoạch này không đụng tới. {together}"
    ),
    "It is {id} ({how}), and this plan is not about {agency}. {together}": (
        "Đây là {id} ({how}), còn kế hoạch này không bao gồm {agency}. {together}"
    ),
    "It is {id} ({how}), but bears no mark: left alone until it is adopted (-e adopt=true).": (
        "Đây là {id} ({how}), nhưng chưa mang dấu: để nguyên cho đến khi được tiếp nhận (-e adopt=true)."
    ),
    "It bears no mark that we know: left alone.": "Không mang dấu nào mà hệ thống biết: để nguyên.",
    "It belongs to the estate {estate}: left alone.": "Thuộc hệ thống {estate}: để nguyên.",
    "It bears the id {id} and stands outside {base}. Move it back, or unmark it.": (
        "Mang mã {id} mà nằm ngoài {base}. Chuyển về chỗ cũ, hoặc bỏ dấu đi."
    ),
    "{source} wants {id} here, where an entry stands that is not ours. Remove or mark it first.": (
        "{source} cần đặt {id} ở đây, nhưng chỗ này đã có mục không thuộc hệ thống. Xoá mục ấy hoặc đánh dấu trước."
    ),
    "More than one entry bears the id {id}. Find out which is the true one and unmark the other.": (
        "Có hơn một mục mang mã {id}. Tìm xem mục nào đúng rồi bỏ dấu ở mục kia."
    ),
    "The registry no longer names {id}; {kept}. Left alone until it does, with an 'until' if it has ended.": (
        "Sổ đăng ký không còn {id}; {kept}. Để nguyên cho đến khi ghi lại vào sổ, kèm 'until' nếu đã kết thúc."
    ),
    "it is {state}": "mục này {state}",
    "it is an agency": "mục này là cơ quan",
    "others stand below it": "bên dưới còn mục khác",
    "It has {address}, which {source} gives to {id}, and is an entry {whose}. Decide first.": (
        "Đang có địa chỉ {address}, mà {source} cấp cho {id}; mục này {whose}. Phải quyết định trước."
    ),
    "which the registry no longer names": "không còn trong sổ đăng ký",
    "which is not ours": "không thuộc hệ thống",
    "it stands where that is to stand": "nằm đúng chỗ của mục đó",
    "its {name} is {value}": "{name} là {value}",
    "{id} ({how})": "{id}, vì {how}",
    "{one} or {other}": "{one} hoặc {other}",
    "It could be {these}: make it match one alone.": "Có thể là {these}: sửa để chỉ khớp với một.",
    "It could be {id} ({how}), which stands at {dn}. Merge the two by hand, or remove this one.": (
        "Có thể là {id} ({how}), đã có ở {dn}. Gộp hai mục bằng tay, hoặc xoá mục này."
    ),
    "It could be {id} ({how}), and so could {others}. Remove all but one.": (
        "Có thể là {id} ({how}), nhưng {others} cũng có thể. Chỉ giữ lại một mục."
    ),
    "It could be {id} ({how}), which is disputed: settle that first.": (
        "Có thể là {id} ({how}), đang còn tranh chấp: giải quyết việc ấy trước."
    ),
    "It is {id} ({how}), but it is no {classes}, and a directory does not let an entry become one. "
    "Put an entry of that class in its place, or remove it and have a new one made.": (
        "Đây là {id} ({how}), nhưng không thuộc loại {classes}, và danh bạ không cho một mục đổi loại. "
        "Thay bằng một mục đúng loại, hoặc xoá đi để lập mục mới."
    ),
    "{id} was adopted from {dn}: it stays where it is, and ours.": (
        "{id} được tiếp nhận từ {dn}: ở nguyên chỗ hiện nay và vẫn thuộc hệ thống."
    ),
    "{id} was changed since it was adopted: it stays ours.": (
        "{id} đã thay đổi từ khi được tiếp nhận: vẫn thuộc hệ thống."
    ),
    "{id} cannot go back to {dn}: {why}.": "{id} không thể về lại {dn}: {why}.",
    "another entry stands there": "chỗ ấy đã có mục khác",
    "what it stood in is gone": "nơi chứa nó không còn nữa",
    "{id} was moved since the plan: it stays as it is.": "{id} đã được chuyển đi sau kế hoạch: để nguyên.",
    "{id} was made by the plan and stays: {why}.": "{id} do kế hoạch lập ra, vẫn giữ lại: {why}.",
    "an agency is never deleted": "cơ quan không bao giờ bị xoá",
    "others stand in it": "bên trong còn mục khác",
    "The mail of {id} is purged: nothing brings it back but a backup.": (
        "Thư của {id} đã bị xoá hẳn: chỉ có thể lấy lại từ bản sao lưu."
    ),
    "{attribute} of {id} was changed since the plan: left as it is.": (
        "{attribute} của {id} đã thay đổi sau kế hoạch: để nguyên."
    ),
    "{id} came back after its purge: it is closed again, and its new mail is kept.": (
        "{id} đã trở lại sau khi thư bị xoá: được đóng lại, thư mới vẫn giữ."
    ),
    "{id} does not get {address} back: another entry has it by now. Its addresses stay.": (
        "{id} không được trả lại {address}: mục khác đang có địa chỉ ấy. Các địa chỉ hiện nay giữ nguyên."
    ),
    # The past of an entry, for auditors
    "created": "lập mới",
    "adopted": "tiếp nhận vào sổ đăng ký",
    "changed": "sửa",
    "moved": "chuyển",
    "access ended": "ngừng truy cập",
    "access given back": "mở lại truy cập",
    "mail purged": "xoá hẳn thư",
    "deleted": "xoá",
    "password set": "đặt mật khẩu",
    "locked after wrong passwords": "bị khoá do nhập sai mật khẩu nhiều lần",
    "locked until somebody sets another password": "bị khoá cho đến khi được đặt mật khẩu khác",
    "unlocked": "được mở khoá",
    "signed in, or tried to": "đăng nhập hoặc thử đăng nhập",
    "{deed}, from {old} to {new}": "{deed}, từ {old} sang {new}",
    "moved along with what it stands in, from {old} to {new}": (
        "chuyển theo cơ quan hoặc đơn vị phía trên, từ {old} sang {new}"
    ),
    "by {who}": "người thực hiện: {who}",
    "plan {plan}": "kế hoạch {plan}",
    "commit {commit}": "sổ đăng ký ở commit {commit}",
    "decision {decision}": "quyết định {decision}",
    "apply begun {moment}, journal {journal}": "đợt thực hiện bắt đầu lúc {moment}, nhật ký {journal}",
    "the password too": "kèm mật khẩu",
    "the engine, applied by somebody unnamed": "hệ thống, không ghi tên người thực hiện",
    "the engine's account, without a plan": "tài khoản của hệ thống, không theo kế hoạch nào",
    "root on the directory's machine": "quản trị (root) trên máy chủ danh bạ",
    "the holder, with their own password": "chính người dùng, bằng mật khẩu của mình",
    "the term for first passwords": "máy chủ danh bạ tự khoá khi quá hạn đổi mật khẩu lần đầu",
    "the directory itself": "máy chủ danh bạ tự ghi",
    "the admin of {agency}": "quản trị cơ quan {agency}",
    "{name} of {agency}": "{name} thuộc {agency}",
    "the service {name}": "dịch vụ {name}",
    "the account {dn}": "tài khoản {dn}",
    "Stands at {place} now.": "Hiện ở {place}.",
    "Is not in the directory now.": "Hiện không có trong danh bạ.",
    "The accesslog reaches back to {moment}.": "Nhật ký danh bạ còn lưu từ {moment}.",
    "The accesslog holds no change of it.": "Nhật ký danh bạ không ghi thay đổi nào.",
    "Sign-ins not shown: {count} ({option} shows them).": "Lần đăng nhập không hiện: {count} (thêm {option} để xem).",
    "'{said}' may be any of {count}. Give the id:\n{listed}": (
        "'{said}' có thể là một trong {count} mục sau. Ghi rõ mã:\n{listed}"
    ),
    "Nobody in the registry is called '{said}'. Give an id, a staff number or an address.": (
        "Sổ đăng ký không có ai tên '{said}'. Ghi mã, số hiệu cán bộ hoặc địa chỉ thư."
    ),
    "The lock knows nobody who holds or ever held {address}.": (
        "Theo sổ địa chỉ, chưa ai giữ hoặc từng giữ {address}."
    ),
    "Nothing is known of {id}, neither in the directory nor in its accesslog.": (
        "Không có thông tin nào về {id}, cả trong danh bạ lẫn trong nhật ký danh bạ."
    ),
    # Working days
    "how soon a change is to be asked for or carried out": "thời hạn đề nghị hoặc thực hiện một thay đổi",
    "a number of working days": "số ngày làm việc",
    "working days and days off that are not as the Labour Code has them": (
        "ngày làm việc và ngày nghỉ khác với Bộ luật Lao động"
    ),
    "the days, of which the last said holds": "các ngày; một ngày ghi nhiều lần thì dòng ghi sau có hiệu lực",
    "a day": "một ngày",
    "the day": "ngày ấy",
    "true where agencies work on it, false where they do not": "true nếu các cơ quan làm việc, false nếu nghỉ",
    # The ledger, for auditors
    "The ledger is unbroken: {lines} lines. Head: {head}": "Sổ cái nguyên vẹn: {lines} dòng. Mốc: {head}",
    "COMMITS": "COMMIT TRONG GIT",
    "TERMS": "THỜI HẠN",
    "LEDGER": "SỔ CÁI",
    "written by {who}": "người viết: {who}",
    "merged by {who}": "người duyệt gộp: {who}",
    "taken in by {who}": "người đưa vào: {who}",
    "signed by {who}": "chữ ký số: {who}",
    "not signed": "không ký số",
    "{how}: {who}": "xác nhận ({how}): {who}",
    "requested from {who}, an official mailbox": "đề nghị từ {who}, là hộp thư công vụ",
    "requested from {who}, WHICH IS NO OFFICIAL MAILBOX": "đề nghị từ {who}, KHÔNG PHẢI HỘP THƯ CÔNG VỤ",
    "not known": "không rõ",
    "plan {plan}: decision {decision}, day {day}; working days until the write: {taken}": (
        "kế hoạch {plan}: quyết định {decision}, ngày {day}; số ngày làm việc đến khi ghi: {taken}"
    ),
    "late: due by {due}": "trễ hạn: phải xong trước hết ngày {due}",
    "within the term, which ended on {due}": "trong hạn, đến hết ngày {due}",
    "Plans that are no longer at hand: {plans}": "Kế hoạch không còn tệp: {plans}",
    "Heads published before and found in it: {known}.": "Số mốc đã công bố và khớp với sổ: {known}.",
    "Commit the new head: {file}": "Hãy commit mốc mới: {file}",
    # Who was in a mailbox, for auditors
    "There is no mailbox '{said}'. Give an id, an address or a name.": (
        "Không có hộp thư '{said}'. Ghi mã, địa chỉ thư hoặc tên."
    ),
    "From {since} to {until}.": "Từ {since} đến {until}.",
    "Nobody but the owner was here, and nobody else wrote in its name.": (
        "Không ai khác ngoài chủ hộp thư vào đây, và không ai gửi thư dưới tên hộp thư này."
    ),
    "There is more than {count}: ask for fewer days.": "Có hơn {count} mục: chọn ít ngày hơn.",
    "an administrator, with root's rights on the mail store": "quản trị hệ thống, bằng quyền root trên máy chủ thư",
    "read {count} letters in {folder}, the last at {until}": "đọc {count} thư trong {folder}, lần cuối lúc {until}",
    "sent <{letter}> to {to}": "gửi <{letter}> đến {to}",
    "was refused when sending to {to}: {reply}": "gửi đến {to} nhưng bị từ chối: {reply}",
    "put <{letter}> into {folder}": "đưa <{letter}> vào {folder}",
    "copied <{letter}> into {folder}": "sao chép <{letter}> vào {folder}",
    "marked <{letter}> in {folder} as deleted": "đánh dấu xoá <{letter}> trong {folder}",
    "took the mark of deletion off <{letter}> in {folder}": "bỏ dấu xoá của <{letter}> trong {folder}",
    "removed <{letter}> from {folder}": "xoá hẳn <{letter}> khỏi {folder}",
    "made the folder {folder}": "lập thư mục {folder}",
    "deleted the folder {folder}": "xoá thư mục {folder}",
    "renamed the folder {folder}": "đổi tên thư mục {folder}",
    # The trail of a letter, for auditors
    "Letter {about}": "Thư {about}",
    "The journals of the mail servers hold nothing of it.": "Nhật ký các máy chủ thư không có gì về thư này.",
    "{queue}: written on this machine by the local user {client}": (
        "{queue}: được soạn ngay trên máy này, bởi tài khoản hệ thống {client}"
    ),
    "{queue}: brought by {who}, signed in at {service}, from {client}": (
        "{queue}: do {who} gửi, đã đăng nhập tại {service}, từ {client}"
    ),
    "{queue}: brought by {client}, not signed in": "{queue}: do máy {client} chuyển đến, không đăng nhập",
    "{queue}: envelope from {sender}, {size} bytes, recipients: {count}": (
        "{queue}: phong bì của {sender}, {size} byte, số người nhận: {count}"
    ),
    "Rspamd: {action}, {score} of {limit} ({symbols})": "Rspamd xét: {action}, {score} trên {limit} ({symbols})",
    "{queue}: handed on to {recipient}, to {relay}: {reply}": "{queue}: đã giao cho {recipient}, đến {relay}: {reply}",
    "{queue}: waits for {recipient}: {reply}": "{queue}: chưa giao được cho {recipient}, còn chờ: {reply}",
    "{queue}: not to be handed on to {recipient}: {reply}": "{queue}: không giao được cho {recipient}: {reply}",
    "{queue}: given up after waiting: {reply}": "{queue}: chờ quá hạn, thôi không giao: {reply}",
    "{queue}: {about} sent, as letter {notice}": "{queue}: đã gửi thông báo ({about}), là thư {notice}",
    "{queue}: out of this machine's queue": "{queue}: đã rời hàng đợi của máy này",
    "refused to {client}: {reply}": "từ chối máy {client}: {reply}",
    "put into {folder} of {who}": "đã vào hộp {folder} của {who}",
    "{who}: {deed} from {source} to {folder}": "{who}: {deed} từ {source} sang {folder}",
    "{who}: {deed} in {folder}": "{who}: {deed} trong {folder}",
    "{who}: had its text shown in {folder}": "{who}: mở xem nội dung trong {folder}",
    "filing rules of {who}: {outcome}": "bộ lọc của {who}: {outcome}",
    "{who} signed in at {service}, from {client}": "{who} đăng nhập tại {service}, từ {client}",
    "{who} left; letters of which the session showed headers: {headers}, content: {bodies}": (
        "{who} thoát; số thư mà phiên ấy đã xem phần đầu: {headers}, xem nội dung: {bodies}"
    ),
    "saved": "lưu",
    "copied": "sao chép",
    "marked as deleted": "đánh dấu xoá",
    "marked as not deleted": "bỏ đánh dấu xoá",
    "removed": "xoá hẳn",
    "removed by age": "xoá do quá hạn",
    "marked": "đánh dấu",
    # What may stand where: ends the sentences `Ghi …`, `… không phải là …`
    "the estate": "hệ thống thư",
    "a short name of the estate, the mark on its directory entries": (
        "tên ngắn của hệ thống, dùng để đánh dấu các mục của hệ thống trong danh bạ"
    ),
    "For example lab.": "Ví dụ lab.",
    "a name, with its accents": "tên gọi, đủ dấu",
    "the mail domains, the one that addresses get first": "các tên miền thư, tên miền dùng cho địa chỉ đứng đầu",
    "a mail domain": "tên miền thư",
    "For example thuathienhue.gov.vn.": "Ví dụ thuathienhue.gov.vn.",
    "the directory suffix": "gốc của danh bạ",
    "Write dc=…,dc=…; a district within a bigger directory writes ou=…,dc=…,dc=…": (
        "Ghi dc=…,dc=…; huyện, quận nằm trong danh bạ lớn hơn thì ghi ou=…,dc=…,dc=…"
    ),
    "the time zone in which days begin, such as Asia/Ho_Chi_Minh": "múi giờ để tính ngày, ví dụ Asia/Ho_Chi_Minh",
    "true where the people are invented": "true nếu những người trong sổ là hư cấu",
    "the regulation as rules": "quy chế, ghi thành quy tắc",
    "the regulation's number and title": "số, ký hiệu và tên của quy chế",
    "how an agency's address is made where none is printed": (
        "cách đặt địa chỉ của cơ quan chưa có địa chỉ in trong quy chế"
    ),
    "a rule": "một quy tắc",
    "the article that the rule rests on, such as 'TTH Điều 4'": "điều khoản làm căn cứ, ví dụ 'TTH Điều 4'",
    "a form, such as '{full}{n}@{domain}'": "mẫu, ví dụ '{full}{n}@{domain}'",
    "the kinds of agency it is for": "các loại cơ quan được áp dụng",
    "a kind of agency": "loại cơ quan",
    "the codes of the agencies it is for": "mã các cơ quan được áp dụng",
    "a code of lower-case letters, digits and hyphens": "mã gồm chữ thường không dấu, chữ số và dấu gạch nối",
    "For example snv, or phong-tccb.": "Ví dụ snv, hoặc phong-tccb.",
    "how a person's address is made": "cách đặt địa chỉ của cán bộ",
    "the titles it is for": "các chức vụ được áp dụng",
    "a title": "chức vụ",
    "how namesakes are told apart": "cách phân biệt người trùng tên",
    "what follows the name, tried in this order": "phần thêm vào sau tên, thử theo thứ tự này",
    "a form of {letter}, {number} and {unit}": "mẫu gồm {letter}, {number} và {unit}",
    "how long an address is delivered after another took its place": (
        "thời hạn địa chỉ cũ còn nhận được thư sau khi có địa chỉ mới"
    ),
    "how often a mailbox is looked into on a working day, and when": (
        "mỗi ngày làm việc phải kiểm tra hộp thư mấy lần, vào lúc nào"
    ),
    "looks that follow each other within so many minutes are one": (
        "các lần mở cách nhau chưa quá bấy nhiêu phút chỉ tính là một lần"
    ),
    "when somebody looks into the own mailbox": "khi nào cá nhân kiểm tra hộp thư của mình",
    "when somebody looks into a shared mailbox": "khi nào phải kiểm tra hộp thư dùng chung",
    "a part of the working day": "một buổi của ngày làm việc",
    "what people call that part of the day": "tên gọi của buổi ấy",
    "a time of the day": "giờ trong ngày",
    "For example 07:30.": "Ví dụ 07:30.",
    "how many times at least": "ít nhất mấy lần",
    "mail services that are not for official work": "các dịch vụ thư không được dùng cho công việc",
    "their domains; those below them too": "tên miền của các dịch vụ đó, kể cả tên miền con",
    "how long it is known how often a mailbox was looked into": "thời hạn giữ số liệu sử dụng hộp thư",
    "the periodic reports": "báo cáo định kỳ",
    "the shared mailboxes that get them": "các hộp thư dùng chung nhận báo cáo",
    "the spans of time that they are about": "các kỳ báo cáo",
    "a kind of report": "một loại báo cáo",
    "how often": "kỳ báo cáo",
    "the day of the following month before which it is there": "phải có trước ngày này của tháng sau",
    "what they tell": "nội dung báo cáo",
    "a part of a report": "một phần của báo cáo",
    "The end, {end}, is not after the beginning, {begin}.": "Giờ kết thúc {end} không sau giờ bắt đầu {begin}.",
    "Correct one of the two; a part of the day ends at 24:00 at the latest.": (
        "Sửa một trong hai giờ; muộn nhất là 24:00."
    ),
    "It begins at {begin}, when the part of the day above, until {before}, is not over.": (
        "Bắt đầu lúc {begin} khi buổi ghi phía trên, đến {before}, chưa kết thúc."
    ),
    "Put the parts of the day in their order, none within another.": (
        "Ghi các buổi theo thứ tự trong ngày, không buổi nào chồng lên buổi khác."
    ),
    "Reports are to tell '{content}', and the policy has no '{rule}'.": (
        "Báo cáo phải có phần '{content}', nhưng quy tắc không có mục '{rule}'."
    ),
    "Write '{rule}', or leave '{content}' out of 'contents'.": "Ghi mục '{rule}', hoặc bỏ '{content}' khỏi 'contents'.",
    "There are two kinds of report for each {every}.": "Kỳ {every} được ghi hai lần.",
    "Keep one of them.": "Giữ lại một.",
    "Reports are to tell what is counted day by day, and the policy has no 'usage_data': nothing is kept.": (
        "Báo cáo có phần tính theo số liệu hằng ngày, nhưng quy tắc không có mục 'usage_data' nên không số liệu nào "
        "được giữ."
    ),
    "Write 'usage_data', or leave 'usage', 'private_mail', 'storage' and 'ranking' out of 'contents'.": (
        "Ghi mục 'usage_data', hoặc bỏ 'usage', 'private_mail', 'storage' và 'ranking' khỏi 'contents'."
    ),
    "What is kept for {days} days is gone before the longest report is made.": (
        "Số liệu chỉ giữ {days} ngày thì chưa đến kỳ báo cáo dài nhất đã bị xoá."
    ),
    "Keep it for {least} days or more: the whole period, and a month for the report.": (
        "Giữ ít nhất {least} ngày: trọn kỳ báo cáo và thêm một tháng để lập báo cáo."
    ),
    "a number of days": "số ngày",
    "what nobody is given": "những địa chỉ không cấp cho ai",
    "parts before the '@'": "các phần trước '@'",
    "a part before the '@'": "phần trước '@'",
    "what each role may do in a shared mailbox": "quyền của từng vai trò trong hộp thư dùng chung",
    "a right in a shared mailbox": "quyền trong hộp thư dùng chung",
    "the rights that allow writing in the mailbox's name": "các quyền được gửi thư với tên của hộp thư",
    "what follows when a shared mailbox gets another head": (
        "việc phải làm khi hộp thư dùng chung có người đứng đầu mới"
    ),
    "whom a letter tells of it": "gửi thư thông báo cho ai",
    "what becomes of somebody on long leave": "việc áp dụng khi cán bộ nghỉ dài ngày",
    "whether the person may sign in": "true nếu người ấy vẫn được đăng nhập, nếu không thì false",
    "whether the person keeps the roles in shared mailboxes": (
        "true nếu người ấy vẫn giữ vai trò trong các hộp thư dùng chung, nếu không thì false"
    ),
    "how much a mailbox holds": "dung lượng hộp thư",
    "a size": "dung lượng",
    "For example 500 MiB or 2 GiB.": "Ví dụ 500 MiB hoặc 2 GiB.",
    "how long mail is kept when its mailbox has closed": "thời hạn giữ thư sau khi đóng hộp thư",
    "what a password must be": "yêu cầu đối với mật khẩu",
    "the least number of characters": "số ký tự tối thiểu",
    "the least number of capitals": "số chữ hoa tối thiểu",
    "the least number of small letters": "số chữ thường tối thiểu",
    "the least number of digits": "số chữ số tối thiểu",
    "the least number of other characters": "số ký tự khác tối thiểu",
    "whether the first password must be changed": "true nếu phải đổi mật khẩu được cấp, nếu không thì false",
    "the days until an unchanged first password locks its account, 0 for never": (
        "số ngày được cấp mà chưa đổi mật khẩu thì tài khoản bị khoá, 0 là không khoá"
    ),
    "the wrong passwords in a row that lock a mailbox": "số lần liên tiếp sai mật khẩu thì hộp thư bị khoá",
    "the minutes for which it stays locked": "số phút hộp thư bị khoá",
    "the mail domain of each agency, if not the estate's first": (
        "tên miền thư của từng cơ quan, nếu khác tên miền đầu tiên của hệ thống"
    ),
    "a form, such as '{agency}.{root}'": "mẫu, ví dụ '{agency}.{root}'",
    "how the address of a unit's mailbox is made": "cách đặt địa chỉ hộp thư của đơn vị",
    "folders for incoming documents in each agency's own mailbox, year by year": (
        "thư mục văn bản đến theo năm trong hộp thư của từng cơ quan"
    ),
    "the name of a folder": "tên thư mục",
    "the stages of a document, in their order": "các bước xử lý văn bản, theo thứ tự",
    "a stage": "một bước xử lý",
    "the rights that put letters in": "những quyền được đưa thư vào",
    "the rights that take letters out": "những quyền được lấy thư ra",
    "whether each unit with a mailbox has a folder in it, which its people handle": (
        "mỗi đơn vị có hộp thư có một thư mục riêng trong bước này hay không"
    ),
    "whose letters go into a folder of the year at once": "thư của ai được xếp ngay vào một thư mục của năm",
    "a sender's domain and a folder": "tên miền người gửi và một thư mục",
    "what writers to an agency are told on some days": "thông báo cho người gửi thư đến cơ quan trong một số ngày",
    "a notice": "một thông báo",
    "the notice's subject": "tiêu đề thông báo",
    "the notice's text, in one line": "nội dung thông báo, trên một dòng",
    "what a deputy may do in the mailboxes of a head who is away and names the deputy": (
        "quyền của cấp phó trong hộp thư của thủ trưởng đi vắng đã uỷ quyền"
    ),
    "whom people turn to when something fails": "liên hệ ai khi gặp sự cố",
    "who helps, in the order in which they are asked": "những nơi hỗ trợ, theo thứ tự liên hệ",
    "somebody who helps": "một nơi hỗ trợ",
    "who it is, as people know them": "tên gọi mà mọi người biết",
    "a telephone number or extension": "số điện thoại hoặc số máy lẻ",
    "what is too large for mail": "thông tin quá lớn, không gửi được qua thư",
    "how it is sent instead, as a sentence": "cách chuyển khác, viết thành câu",
    "where the regulation says what people must do or not do": (
        "điều khoản nói người dùng phải làm gì, không được làm gì"
    ),
    "what each role may do in a shared folder": "quyền của từng vai trò trong thư mục dùng chung",
    "which part of the directory the world may read": "phần danh bạ được công bố",
    "'all', or the kinds of agency that are shown": "'all', hoặc các loại cơ quan được công bố",
    "'all' or a kind of agency": "'all' hoặc loại cơ quan",
    "what is told besides names": "những gì công bố ngoài tên",
    "a field of the directory": "một mục của danh bạ",
    "the roles in the agency's own mailbox whose holders are named": (
        "các vai trò ở hộp thư của cơ quan mà người giữ được công bố"
    ),
    "a role of somebody who acts for an agency or unit": "vai trò của người thay mặt cơ quan, đơn vị",
    "the roles in the mailboxes of units whose holders are named": (
        "các vai trò ở hộp thư của đơn vị mà người giữ được công bố"
    ),
    "the titles whose bearers are named": "các chức vụ mà người giữ được công bố",
    "an agency": "cơ quan",
    "the decision, by its number and issuer": "số, ký hiệu của quyết định, ví dụ 310/QĐ-SNV",
    "the id of whoever is in charge, also for the time being": "số hiệu người đứng đầu, kể cả người tạm phụ trách",
    "a person's id, or 'person' with the days and the decision": (
        "số hiệu cán bộ, hoặc 'person' kèm ngày và quyết định"
    ),
    "a staff number in lower case": "số hiệu cán bộ, viết chữ thường",
    "For example tth00123.": "Ví dụ tth00123.",
    "the first day": "ngày đầu tiên",
    "the first day on which it no longer holds": "ngày đầu tiên không còn hiệu lực",
    "the agency's people": "cán bộ của cơ quan",
    "a post: who is what, where, since when": "chức vụ: ai, giữ chức vụ gì, ở đâu, từ bao giờ",
    "the title of the post": "tên chức vụ",
    "the first day in the post": "ngày đầu tiên giữ chức vụ",
    "the given name, where it is not the last word of the name, as in Y Bhĩm Niê": (
        "tên gọi, nếu không phải chữ cuối của họ tên, như trong Y Bhĩm Niê"
    ),
    "the first day no longer in the post": "ngày đầu tiên không còn giữ chức vụ",
    "why the post ends": "lý do thôi giữ chức vụ",
    "how the post ties the person to the agency": "quan hệ với cơ quan: biệt phái hoặc kiêm nhiệm",
    "what is different from some day on, in their order": "các thay đổi kể từ một ngày, theo thứ tự ngày",
    "a change": "một thay đổi",
    "the first day on which it holds": "ngày đầu tiên có hiệu lực",
    "long leaves, and journeys on duty": "các kỳ nghỉ dài ngày, đi công tác",
    "a leave": "một kỳ đi vắng",
    "who stands in for a head who is away": "cấp phó thay thủ trưởng đi vắng",
    "a person's id, or 'person' with the days in the head's place, and the decision": (
        "số hiệu cán bộ, hoặc 'person' kèm những ngày thay thủ trưởng và giấy uỷ quyền"
    ),
    "the first day away": "ngày đầu tiên nghỉ",
    "a reason for leave": "lý do nghỉ",
    "the first day back": "ngày đầu tiên trở lại làm việc",
    "the number in the regulation's printed list": "số thứ tự trong danh sách kèm theo quy chế",
    "an address in lower case, without accents": "địa chỉ viết chữ thường, không dấu",
    "For example snv@thuathienhue.gov.vn.": "Ví dụ snv@thuathienhue.gov.vn.",
    "the first day on which it exists": "ngày đầu tiên tồn tại",
    "the first day on which it no longer exists": "ngày đầu tiên không còn tồn tại",
    "the deputies' ids": "số hiệu các cấp phó",
    "the clerks' ids (văn thư)": "số hiệu văn thư",
    "the ids of those who only read": "số hiệu những người chỉ đọc",
    "the agency's units": "các đơn vị của cơ quan",
    "a unit": "đơn vị",
    "the unit's mailbox": "hộp thư của đơn vị",
    "further mailboxes of several people": "các hộp thư dùng chung khác",
    "a shared mailbox": "hộp thư dùng chung",
    "the agency's distribution lists": "các danh sách thư của cơ quan",
    "the estate's own distribution lists": "các danh sách thư chung của hệ thống",
    "a distribution list": "danh sách thư",
    "a distribution list of the estate": "danh sách thư chung của hệ thống",
    "who gets the letters": "ai nhận thư",
    "who may write to it": "ai được gửi",
    "a person's id, 'mailbox', or the conditions that people meet": (
        "số hiệu cán bộ, 'mailbox', hoặc các điều kiện mà người nhận phải có đủ"
    ),
    "'anyone', 'inside' or 'members', or 'person', or the conditions that people meet": (
        "'anyone', 'inside', 'members', hoặc 'person', hoặc các điều kiện mà người gửi phải có đủ"
    ),
    "a circle of senders": "nhóm người gửi",
    "a role in the agency's own mailbox, or in the unit's": "vai trò trong hộp thư cơ quan hoặc hộp thư đơn vị",
    "the name of a shared mailbox, such as snv or snv-vp": "mã hộp thư dùng chung, ví dụ snv hoặc snv-vp",
    "how the address of an agency's list is made": "cách đặt địa chỉ danh sách thư của cơ quan",
    "shared folders": "các thư mục dùng chung",
    "a shared folder": "thư mục dùng chung",
    "who manages the folder": "ai quản lý thư mục",
    "a person's id, or one of 'person', 'unit' and 'agency' with the days and the decision": (
        "số hiệu cán bộ, hoặc một trong 'person', 'unit', 'agency' kèm ngày và quyết định"
    ),
    "who reads and writes in it": "ai được đọc và ghi trong đó",
    "who only reads it": "ai chỉ được đọc",
    "a person's id, or 'person' with the days on which the mail may be read, and the decision": (
        "số hiệu cán bộ, hoặc 'person' kèm những ngày được đọc thư và quyết định"
    ),
    "who may read the mail that is kept": "ai được đọc thư còn giữ",
    "mail that is not removed, whatever its term": "thư phải giữ lại, dù đã hết thời hạn",
    "the id of a person or a shared mailbox": "số hiệu cán bộ, hoặc mã hộp thư dùng chung",
    "For example tth00123, or snv.": "Ví dụ tth00123, hoặc snv.",
    "the holds on a mailbox": "các lệnh giữ thư của một hộp thư",
    "a hold": "một lệnh giữ thư",
    "the first day on which the mail must be there": "ngày đầu tiên thư phải còn",
    "why it must be there": "vì sao phải giữ",
    "the first day on which it may go": "ngày đầu tiên thư được xoá",
    "the address lock of one domain: who holds or ever held which address": (
        "sổ địa chỉ của một tên miền: ai đang giữ hoặc từng giữ địa chỉ nào"
    ),
    "the part before the '@', in lower case without accents": "phần trước '@', viết chữ thường không dấu",
    "For example nguyenvanan.": "Ví dụ nguyenvanan.",
    "the holder, and what the address is to it: 'since …', 'alias' or 'retired'": (
        "chủ địa chỉ và tình trạng của địa chỉ: 'since …', 'alias' hoặc 'retired'"
    ),
    "For example person:tth00123, 'person:tth00123 since 2026-09-01', or 'person:tth00123 retired'.": (
        "Ví dụ person:tth00123, 'person:tth00123 since 2026-09-01', hoặc 'person:tth00123 retired'."
    ),
    # A model regulation
    "a model regulation": "quy chế mẫu",
    "who issues a regulation after the model": "những cơ quan ban hành quy chế theo mẫu",
    "the article that it rests on, such as 'CM Điều 4.1'": "điều khoản làm căn cứ, ví dụ 'CM Điều 4.1'",
    "the name of a text beside this file": "tên tệp văn bản đặt cạnh tệp này",
    "For example quy-che.md.": "Ví dụ quy-che.md.",
    "abbreviations": "các chữ viết tắt",
    "an abbreviation": "chữ viết tắt",
    "what it stands for": "chữ viết đầy đủ",
    "what agencies are called in short": "cách gọi gọn tên các cơ quan",
    "by the first words of a name": "xếp theo những chữ đầu của tên",
    "the first words of a name": "những chữ đầu của tên",
    "the same within a sentence": "cách viết tên ấy ở giữa câu",
    "what heads are called": "chức vụ của người đứng đầu",
    "titles": "các chức vụ",
    "a title, without 'Phó' or 'Quyền'": "chức vụ, không kèm 'Phó' hoặc 'Quyền'",
    "which unit does the office's work": "đơn vị làm nhiệm vụ văn phòng",
    "the first words of names": "những chữ đầu của các tên",
    "the title of the unit's head": "chức vụ của người đứng đầu đơn vị",
    "blanks that these rules fill": "các chỗ trống được điền theo quy tắc",
    "a blank's name": "tên chỗ trống",
    "For example check_times.": "Ví dụ check_times.",
    "the rules, of which the first that fits holds": "các quy tắc, áp dụng quy tắc phù hợp đầu tiên",
    "a code": "mã",
    "what fills the blank; without it, nothing": "nội dung điền vào chỗ trống; không có thì để trống",
    "the texts behind the regulation": "các phụ lục của quy chế",
    "the name above the issuer's, or nothing": "tên cơ quan cấp trên, ghi trên tên cơ quan ban hành, hoặc để trống",
    "what stands for the issuer in the number": "ký hiệu của cơ quan ban hành trong số văn bản",
    "where documents are signed": "địa danh nơi ký văn bản",
    "in whose name the head signs, or nothing": "người đứng đầu ký thay mặt (TM.) ai, hoặc để trống",
    # Spreadsheets of personnel offices
    "how a personnel office fills in its spreadsheets": "cách cơ quan tổ chức cán bộ điền bảng tính",
    "what a sheet is, a list of changes or of the whole staff": (
        "loại bảng: danh sách biến động hoặc danh sách toàn bộ cán bộ"
    ),
    "how new staff numbers look, a # for each digit": "dạng của số hiệu mới, mỗi dấu # là một chữ số",
    "For example tth#####.": "Ví dụ tth#####.",
    "the headers of each field": "tiêu đề của từng cột",
    "one spelling or several": "một hoặc nhiều cách viết",
    "a header or a word as the sheets have it": "tiêu đề hoặc chữ như trong bảng tính",
    "the words for each kind of change": "các chữ dùng cho từng loại biến động",
    "other names of agencies, by code": "tên gọi khác của các cơ quan, theo mã",
    "a code of the registry": "mã trong sổ đăng ký",
    "For example snv.": "Ví dụ snv.",
    "other names of units, by agency and unit": "tên gọi khác của các đơn vị, theo cơ quan và đơn vị",
    "by unit": "theo đơn vị",
    # Slips, and other passwords
    "No agency has the code '{code}'.": "Không có cơ quan nào mang mã '{code}'.",
    "There is no slip to print: each password in force was printed before, or its holder has chosen it.": (
        "Không còn phiếu nào để in: mật khẩu đang dùng đều đã in trước đây hoặc do chính chủ đặt."
    ),
    "Printed {count} slips, and forgot their passwords:": "Đã in {count} phiếu và xoá các mật khẩu đã in:",
    "Would print {count} slips, and forget their passwords.": "Sẽ in {count} phiếu và xoá các mật khẩu đã in.",
    "Not printed, their accounts are not in the directory yet: {count}. Apply the plan for them.": (
        "Không in, tài khoản chưa có trong danh bạ: {count}. Hãy áp dụng kế hoạch tạo các tài khoản đó."
    ),
    "Not printed, their accounts are closed: {count}.": "Không in, tài khoản đã đóng: {count}.",
    "Not printed and forgotten, their holders have chosen other passwords: {count}.": (
        "Không in và đã xoá, chủ tài khoản đã tự đổi mật khẩu: {count}."
    ),
    "Not printed and forgotten, they were not changed in time: {count}. Set other passwords.": (
        "Không in và đã xoá, quá hạn mà chưa đổi: {count}. Hãy cấp mật khẩu khác."
    ),
    "{id} did not change the first password in time. Set another password.": (
        "{id} bị khoá vì quá hạn mà chưa đổi mật khẩu được cấp. Hãy cấp mật khẩu khác."
    ),
    "{id} is locked because others may know the password. Set another password.": (
        "{id} bị khoá vì mật khẩu có thể đã lộ. Hãy cấp mật khẩu khác."
    ),
    "Not printed and forgotten, their agency's admin has set other passwords since: {count}.": (
        "Không in và đã xoá, quản trị của cơ quan đã cấp mật khẩu khác: {count}."
    ),
    "Who lost a slip or forgot a password gets another one: {command}": (
        "Người mất phiếu hoặc quên mật khẩu được cấp mật khẩu khác: {command}"
    ),
    "{id} has no password: people open it under their own names. Name the person.": (
        "{id} không có mật khẩu riêng: người được giao mở bằng tài khoản của mình. Hãy nêu tên người đó."
    ),
    "{id} is not in the directory. Apply the plan that opens the account first.": (
        "{id} chưa có trong danh bạ. Hãy áp dụng kế hoạch tạo tài khoản trước."
    ),
    "The account of {id} is closed ({state}): a password would open nothing.": (
        "Tài khoản của {id} đã đóng ({state}): cấp mật khẩu cũng không đăng nhập được."
    ),
    "{who} has another password, and must change it at the next sign-in. The slip: {file}": (
        "Đã cấp mật khẩu khác cho {who}; người nhận phải đổi ở lần đăng nhập tới. Phiếu: {file}"
    ),
    "{who} would get another password.": "Sẽ cấp mật khẩu khác cho {who}.",
    "{who} is no longer locked out.": "Đã mở khoá cho {who}.",
    "{who} was not locked out by wrong passwords.": "{who} không bị khoá vì nhập sai mật khẩu.",
    "because: {decision}": "lý do: {decision}",
}
