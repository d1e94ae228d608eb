import gov.nist.secauto.metaschema.core.configuration.DefaultConfiguration;
import gov.nist.secauto.metaschema.core.model.constraint.ValidationFeature;
import gov.nist.secauto.oscal.lib.OscalBindingContext;
import java.io.File;

/** Holds OSCAL documents against the constraints of NIST's model, which say more than its schemas. */
public class Constraints {
  public static void main(String[] files) throws Exception {
    var context = OscalBindingContext.newInstance();
    for (String file : files) {
      var result = context.validateWithConstraints(
          new File(file).toURI(), new DefaultConfiguration<ValidationFeature<?>>());
      System.out.println(result.getFindings().size() + "\t" + file);
      for (var finding : result.getFindings()) {
        System.err.println(file + " " + finding.getPath() + " " + finding.getMessage());
      }
    }
  }
}
